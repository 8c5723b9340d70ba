package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The world in a file: one line of JSON for a change, written through to the disk before the change is acknowledged. At every start the
 * file is written anew with what is left, beside the old one and then in its place. A last line without its end is a change that was
 * never acknowledged, and is left out.
 */
public final class FileJournal implements Journal, AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    private final FileChannel channel;

    private record Line(String key, @Nullable Resource resource) {}

    private FileJournal(FileChannel channel) {
        this.channel = channel;
    }

    /** What a file keeps, by key; empty when it does not exist. */
    public static Map<String, Resource> read(Path file) throws IOException {
        var kept = new LinkedHashMap<String, Resource>();
        if (!Files.exists(file)) {
            return kept;
        }
        var text = Files.readString(file);
        int end = text.lastIndexOf('\n');
        for (var line : text.substring(0, end + 1).lines().toList()) {
            var change = MAPPER.readValue(line, Line.class);
            if (change.resource() == null) {
                kept.remove(change.key());
            } else {
                kept.put(change.key(), change.resource());
            }
        }
        return kept;
    }

    /** Writes the file anew and keeps it open for what follows. */
    public static FileJournal open(Path file, Map<String, Resource> kept) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        var journal = new FileJournal(channel);
        for (var entry : kept.entrySet()) {
            journal.append(entry.getKey(), entry.getValue());
        }
        channel.force(true);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return journal;
    }

    @Override
    public void write(String key, @Nullable Resource value) {
        try {
            append(key, value);
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void append(String key, @Nullable Resource value) throws IOException {
        var line = ByteBuffer.wrap(line(key, value).getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    private static String line(String key, @Nullable Resource value) {
        try {
            return MAPPER.writeValueAsString(new Line(key, value)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        private InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.toString());
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        private InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
