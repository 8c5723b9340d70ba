package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code docs/how-to.md} and what is tested of it. */
class HowToPageTest {
    private static final Pattern ID = Pattern.compile("\\b(VM|VMSS|UAI)-\\d+\\b");

    /** Maven runs the tests of a module in its folder. */
    private static final Path PAGE = Path.of("..", "..", "docs", "how-to.md");

    @Test
    void every_row_with_a_name_is_tested_and_every_tested_line_has_its_row() throws IOException {
        assertThat(rows()).isEqualTo(tested());
    }

    @Test
    void what_is_said_to_be_as_another_row_names_one_that_there_is() throws IOException {
        assertThat(ID.matcher(Files.readString(PAGE)).results().map(MatchResult::group))
                .isSubsetOf(tested().keySet());
    }

    @Test
    void every_line_of_a_page_says_as_which_row_it_is() throws IOException {
        List<String> lines = linesWithoutAName();

        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.substring(line.lastIndexOf(" | ")))
                        .as(line)
                        .containsPattern(ID));
    }

    /** Of the tables whose last column is headed "as". */
    private static List<String> linesWithoutAName() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean as = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (!line.startsWith("|")) {
                as = false;
            } else if (line.endsWith("| as |")) {
                as = true;
            } else if (as && !line.startsWith("|-")) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** The page's heading and step by the row's name. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        String heading = "";
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("#")) {
                // Deeper ones are Microsoft's own.
                heading = line.startsWith("#### ") ? line.substring(5) : "";
            } else if (line.startsWith("|")) {
                String[] cells = line.split("\\|", -1);
                String id = cells[1].strip();
                String step = cells[2].strip().replace("`", "");
                if (ID.matcher(id).matches()) {
                    String separator = heading.isEmpty() || step.isEmpty() ? "" : ", ";
                    assertThat(rows.put(id, heading + separator + step))
                            .as("%s is there twice", id)
                            .isNull();
                }
            }
        }
        return rows;
    }

    private static Map<String, String> tested() {
        Map<String, String> tested = new TreeMap<>();
        HowTo.lines().forEach(line -> tested.put(line.id(), line.heading()));
        Stream.of(HowToIdentityTest.class.getDeclaredMethods())
                .map(method -> method.getAnnotation(DisplayName.class))
                .filter(Objects::nonNull)
                .map(name -> name.value().split(" ", 2))
                .forEach(name -> tested.put(name[0], name[1]));
        return tested;
    }
}
