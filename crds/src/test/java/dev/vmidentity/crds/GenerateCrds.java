package dev.vmidentity.crds;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityLedger;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDGenerator.AbstractCRDOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the CRDs to the directory given as the only argument, {@code deploy/crds}, and {@link ReasonsPage} to its tree. */
final class GenerateCrds {
    /** What to run when the committed files are not what is generated. */
    static final String COMMAND = "mvn -q -pl crds test-compile exec:java";

    /** Of the CRD itself, not of our API. */
    private static final String CRD_VERSION = "v1";

    private static final String HEAD = "# Generated from the Java types in crds/ by '" + COMMAND + "'. Do not edit.\n";

    private GenerateCrds() {}

    public static void main(String[] arguments) throws IOException {
        var directory = Files.createDirectories(Path.of(arguments[0]));
        for (var file : files().entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        var page = directory.resolve("../..").resolve(ReasonsPage.FILE).normalize();
        Files.createDirectories(page.getParent());
        Files.writeString(page, ReasonsPage.text());
    }

    /** The files by name, such as {@code vmidentitybindings.vmidentity.dev.yaml}. */
    static SortedMap<String, String> files() {
        var output = new InMemory();
        new CRDGenerator()
                .customResourceClasses(UserAssignedIdentity.class, VmIdentityBinding.class, VmIdentityLedger.class)
                .forCRDVersions(CRD_VERSION)
                // Not withMinQuotes: it leaves True and False bare, which Kubernetes reads as booleans.
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new CrdSchema())
                .withOutput(output)
                .generate();
        var files = new TreeMap<String, String>();
        output.streams.forEach((name, yaml) ->
                files.put(name.replace("-" + CRD_VERSION, ".yaml"), HEAD + withoutHead(yaml.toString(UTF_8))));
        return files;
    }

    /** Without the generator's own comment, which tells its version. */
    private static String withoutHead(String yaml) {
        return yaml.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static final class InMemory extends AbstractCRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new HashMap<>();

        @Override
        protected ByteArrayOutputStream createStreamFor(String crdName) {
            return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }
    }
}
