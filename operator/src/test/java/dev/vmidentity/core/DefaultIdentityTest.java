package dev.vmidentity.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.DefaultIdentity.Ambiguous;
import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.DefaultIdentity.None;
import dev.vmidentity.core.DefaultIdentity.Only;
import dev.vmidentity.core.DefaultIdentity.OwnOfMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DefaultIdentityTest {
    private static final IdentityKey SYSTEM = IdentityKey.SYSTEM_ASSIGNED;
    private static final IdentityKey A = SmallWorld.A;
    private static final IdentityKey B = SmallWorld.B;
    private static final List<IdentityKey> ALL = List.of(SYSTEM, A, B, SmallWorld.identity("c"));

    @Test
    void itIsTheMachinesOwnElseTheOnlyUserAssignedOneElseNone() {
        assertThat(DefaultIdentity.of(Set.of())).isEqualTo(new None());
        assertThat(DefaultIdentity.of(Set.of(SYSTEM))).isEqualTo(new OwnOfMachine());
        assertThat(DefaultIdentity.of(Set.of(SYSTEM, A))).isEqualTo(new OwnOfMachine());
        assertThat(DefaultIdentity.of(Set.of(SYSTEM, A, B))).isEqualTo(new OwnOfMachine());
        assertThat(DefaultIdentity.of(Set.of(A))).isEqualTo(new Only(A));
        assertThat(DefaultIdentity.of(Set.of(A, B))).isEqualTo(new Ambiguous());
    }

    /** The table of DESIGN.md, cell by cell, against every change of what is on a machine with up to four identities. */
    @Test
    void everyChangeHasTheEffectThatTheTableTellsAndItsBoldOnesAreThoseThatAnAttachCanBreak() throws IOException {
        Map<String, Map<String, String>> table = table();
        Set<String> seen = new TreeSet<>();
        Set<String> brokenByAttach = new TreeSet<>();

        for (Set<IdentityKey> before : subsets()) {
            for (Set<IdentityKey> after : subsets()) {
                Change change = Change.between(before, after);
                String row = row(change.before());
                String column = column(change);
                String cell = requireNonNull(requireNonNull(table.get(row), row).get(column), column);
                assertThat(cell.replace("*", ""))
                        .as("%s to %s", before, after)
                        .isEqualTo(
                                change.effect().name().toLowerCase(Locale.ROOT).replace('_', ' '));
                seen.add(row + " to " + column);
                if (after.containsAll(before) && change.breaks()) {
                    brokenByAttach.add(row + " to " + column);
                }
            }
        }

        Set<String> cells = new TreeSet<>();
        Set<String> bold = new TreeSet<>();
        table.forEach((row, columns) -> columns.forEach((column, cell) -> {
            cells.add(row + " to " + column);
            if (cell.startsWith("**")) {
                bold.add(row + " to " + column);
            }
        }));
        assertThat(seen).isEqualTo(cells);
        assertThat(brokenByAttach).isEqualTo(bold);
    }

    private static String row(DefaultIdentity one) {
        return switch (one) {
            case None() -> "none";
            case OwnOfMachine() -> "its own";
            case Only _ -> "only a";
            case Ambiguous() -> "several";
        };
    }

    /** Of two single ones that follow each other the first is called a; where none is before, each name is met. */
    private static String column(Change change) {
        if (change.before() instanceof Only(IdentityKey was) && change.after() instanceof Only(IdentityKey is)) {
            return was.equals(is) ? "only a" : "only b";
        }
        return change.after() instanceof Only(IdentityKey is) && !is.equals(A) ? "only b" : row(change.after());
    }

    private static Map<String, Map<String, String>> table() throws IOException {
        List<List<String>> lines = Files.readString(Path.of("src/main/java/dev/vmidentity/core/DESIGN.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("| before"))
                .takeWhile(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("|--"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        List<String> columns = lines.getFirst();
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 1; i < columns.size(); i++) {
                row.put(columns.get(i), line.get(i));
            }
            table.put(line.getFirst(), row);
        }
        return table;
    }

    private static List<Set<IdentityKey>> subsets() {
        List<Set<IdentityKey>> subsets = new ArrayList<>();
        for (int bits = 0; bits < 1 << ALL.size(); bits++) {
            int mask = bits;
            subsets.add(ALL.stream()
                    .filter(id -> (mask >> ALL.indexOf(id) & 1) == 1)
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
        return subsets;
    }
}
