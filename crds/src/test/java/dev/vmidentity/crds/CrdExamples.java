package dev.vmidentity.crds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Example manifests, one object a file, for whoever has a real API server to apply them to.
 *
 * <p>Packaged with the files in the test jar of this module.
 */
public final class CrdExamples {
    private static final String REFUSED = "# refused: ";

    private CrdExamples() {}

    /** A manifest that the API server accepts. */
    public record Valid(String file, String yaml) {
        @Override
        public String toString() {
            return file;
        }
    }

    /**
     * A manifest that the API server refuses.
     *
     * @param sentence what its answer contains
     */
    public record Invalid(String file, String yaml, String sentence) {
        @Override
        public String toString() {
            return file;
        }
    }

    /** All that must be accepted. */
    public static List<Valid> valid() {
        return files("valid", Valid::new);
    }

    /** All that must be refused. */
    public static List<Invalid> invalid() {
        return files("invalid", (file, yaml) -> new Invalid(file, yaml, sentence(file, yaml)));
    }

    private static String sentence(String file, String yaml) {
        return yaml.lines()
                .findFirst()
                .filter(line -> line.startsWith(REFUSED))
                .map(line -> line.substring(REFUSED.length()))
                .orElseThrow(
                        () -> new IllegalStateException("the first line of %s must be '%s' and the expected sentence"
                                .formatted(file, REFUSED.strip())));
    }

    private interface Reader<T> {
        T read(String file, String yaml);
    }

    private static <T> List<T> files(String folder, Reader<T> reader) {
        try (Stream<Path> files = Files.list(folder(folder))) {
            return files.sorted()
                    .map(file -> reader.read(String.valueOf(file.getFileName()), text(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String folder) throws IOException {
        var name = "/examples/" + folder;
        try {
            URI uri = Objects.requireNonNull(CrdExamples.class.getResource(name), name)
                    .toURI();
            if ("jar".equals(uri.getScheme())) {
                return inJar(uri).resolve(name);
            }
            return Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opened once and left open: the file system of a jar is one for the whole JVM. */
    private static Path inJar(URI uri) throws IOException {
        try {
            return FileSystems.getFileSystem(uri).getPath("/");
        } catch (FileSystemNotFoundException e) {
            return FileSystems.newFileSystem(uri, Map.of()).getPath("/");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
