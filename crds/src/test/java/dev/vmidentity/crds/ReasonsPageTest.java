package dev.vmidentity.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReasonsPageTest {
    @Test
    void the_committed_page_is_what_is_generated() throws IOException {
        // Maven runs the tests of a module in its folder.
        assertThat(Files.readString(Path.of("..").resolve(ReasonsPage.FILE)))
                .as("%s is not what the Java types say; run: %s", ReasonsPage.FILE, GenerateCrds.COMMAND)
                .isEqualTo(ReasonsPage.text());
    }

    @Test
    void every_reason_that_is_ever_written_has_one_row() {
        assertThat(ReasonsPage.text().lines().filter(line -> line.startsWith("| `")))
                .filteredOn(line -> line.chars().filter(letter -> letter == '|').count() == 4)
                .extracting(line -> line.split("`", -1)[1])
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Reason.values())
                        .filter(reason -> reason != Reason.Unknown)
                        .map(Reason::name)
                        .toList());
    }
}
