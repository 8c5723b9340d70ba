package dev.vmidentity.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator answers as Azure was recorded to answer, but for what {@code differences.txt} lists with its reason. */
final class RecordingsReplayTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azure-cli-2024-vm-explicit-msi",
                "azure-cli-2024-vm-msi",
                "azure-cli-2024-vmss-msi",
                "azure-cli-2024-identity",
                "azure-cli-2024-federated-credential",
                "aso-2026-user-assigned-identity",
                "aso-2026-role-assignment",
                "aso-2026-vm",
                "aso-2026-vmss",
                "dotnet-2019-vm-identity-transitions",
            })
    void a_recording_differs_only_where_it_is_known_to(String name) {
        var recording = Recording.read(name);
        if (name.startsWith("dotnet")) {
            recording = recording.inOrder(
                    6, 7, 8, 9, 10, 11, 12, 18, 21, 28, 29, 34, 13, 35, 36, 37, 43, 30, 44, 14, 45, 31, 46, 15, 32, 47,
                    16, 33, 48, 17);
        }
        try (var replay = new Replay(recording)) {
            var known = KnownDifference.of(name);
            var differences = replay.differences();

            assertThat(differences)
                    .filteredOn(one -> known.stream().noneMatch(reason -> reason.explains(one)))
                    .isEmpty();
            assertThat(known)
                    .as("reasons that explain nothing any more")
                    .filteredOn(reason -> differences.stream().noneMatch(reason::explains))
                    .isEmpty();
        }
    }

    /** A line of {@code differences.txt}. */
    private record KnownDifference(String recording, String n, String what) {

        static List<KnownDifference> of(String recording) {
            try (var in = RecordingsReplayTest.class.getResourceAsStream("/recordings/differences.txt")) {
                return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith(recording + " |"))
                        .map(line -> line.split(" \\| ", -1))
                        .map(parts -> new KnownDifference(parts[0], parts[1], parts[2]))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean explains(Replay.Difference difference) {
            return what.equals(difference.what()) && (n.equals("*") || n.equals(Integer.toString(difference.n())));
        }
    }
}
