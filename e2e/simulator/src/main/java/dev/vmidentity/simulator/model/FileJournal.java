package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.nio.channels.OverlappingFileLockException;
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
 * The world in a file: one line of JSON for a change, on the disk before the change is acknowledged. At every start the file is written
 * anew with what is left, beside the old one and then in its place. A last line without its end is a change that was never acknowledged,
 * and is left out. One simulator at a time: the file {@code NAME.lock} beside it is locked.
 */
public final class FileJournal implements Journal, AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    private static final ScopedValue<Boolean> TOGETHER = ScopedValue.newInstance();

    private final FileChannel lock;
    private final FileChannel channel;
    private final Kept kept;

    /**
     * What the file kept.
     *
     * @param starts     how often a simulator was started on it before; 0 when the first world is not all there yet
     * @param resources  by key
     * @param operations by id, oldest first
     */
    public record Kept(long starts, Map<String, Resource> resources, Map<String, Operation> operations) {
        public static final Kept NOTHING = new Kept(0, Map.of(), Map.of());
    }

    /** A change of a resource (null deletes), or an operation, or the count of starts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(
            @Nullable String key,
            @Nullable Resource resource,
            @Nullable Operation operation,
            @Nullable Long starts) {}

    private FileJournal(FileChannel lock, FileChannel channel, Kept kept) {
        this.lock = lock;
        this.channel = channel;
        this.kept = kept;
    }

    /** Reads the file, writes it anew and keeps it open for what follows. */
    public static FileJournal open(Path file) throws IOException {
        var directory = file.toAbsolutePath().normalize().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(directory);
        var lock = locked(file);
        try {
            var kept = read(file);
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            var channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            var journal = new FileJournal(lock, channel, kept);
            journal.append(new Line(null, null, null, kept.starts() == 0 ? 0 : kept.starts() + 1));
            for (var entry : kept.resources().entrySet()) {
                journal.append(new Line(entry.getKey(), entry.getValue(), null, null));
            }
            for (var operation : kept.operations().values()) {
                journal.append(new Line(null, null, operation, null));
            }
            channel.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (var itself = FileChannel.open(directory, StandardOpenOption.READ)) {
                itself.force(true);
            }
            return journal;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public Kept kept() {
        return kept;
    }

    private static FileChannel locked(Path file) throws IOException {
        var lock = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // In this very process: the same as in another.
        }
        lock.close();
        throw new IOException(file + " is in use by another simulator");
    }

    private static Kept read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Kept.NOTHING;
        }
        var resources = new LinkedHashMap<String, Resource>();
        var operations = new LinkedHashMap<String, Operation>();
        // Files without a count were whole.
        long starts = 1;
        var text = Files.readString(file);
        int number = 0;
        for (var written : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            number++;
            Line line;
            try {
                line = MAPPER.readValue(written, Line.class);
            } catch (JsonProcessingException e) {
                throw new IOException(
                        "%s, line %d is not a state's: %s".formatted(file, number, e.getOriginalMessage()), e);
            }
            if (line.starts() != null) {
                starts = line.starts();
            } else if (line.operation() != null) {
                operations.put(line.operation().id(), line.operation());
            } else if (line.key() != null && line.resource() != null) {
                resources.put(line.key(), line.resource());
            } else if (line.key() != null) {
                resources.remove(line.key());
            }
        }
        return new Kept(starts, resources, operations);
    }

    @Override
    public void write(String key, @Nullable Resource value) {
        try {
            append(new Line(key, value, null, null));
            if (!TOGETHER.isBound()) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void together(Runnable changes) {
        ScopedValue.where(TOGETHER, true).run(changes);
        force();
    }

    /** The first world is all there: from now on the file is what counts, not the seed. */
    public void seeded() {
        try {
            append(new Line(null, null, null, 1L));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        force();
    }

    private void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(Operation operation) {
        try {
            append(new Line(null, null, operation, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whole or not at all: half a line in the middle of the file would hide what comes after it. */
    private void append(Line line) throws IOException {
        var bytes = ByteBuffer.wrap((MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        synchronized (channel) {
            long end = channel.position();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                if (channel.isOpen()) {
                    channel.truncate(end);
                }
                throw e;
            }
        }
    }

    @Override
    public void close() {
        try (lock;
                channel) {
            channel.force(true);
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
