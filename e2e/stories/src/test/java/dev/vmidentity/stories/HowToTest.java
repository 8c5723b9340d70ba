package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.stories.HowTo.Left;
import dev.vmidentity.stories.HowTo.Way;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each line of the how-to pages about machines, their way on one machine and declared on another: Azure then shows the same
 * of both. All are played at once, since each has machines of its own and mostly waits for Azure.
 */
@ExtendWith(Theatre.class)
class HowToTest {
    private static final Map<String, Future<Left>> PLAYED = new LinkedHashMap<>();

    @BeforeAll
    static void play(Stage stage) {
        Person person = stage.person();
        HowToPlay play = new HowToPlay(stage.azure(), person);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (HowTo line : HowTo.lines()) {
                PLAYED.put(line.id(), threads.submit(() -> play.theirs(line)));
                for (int way = 0; way < line.ours().size(); way++) {
                    String machine = machine(line, way);
                    Way declared = line.ours().get(way);
                    PLAYED.put(machine, threads.submit(() -> play.ours(line, machine, declared)));
                }
            }
        }
        // The stories that follow on the same stack need not wait for these machines.
        person.deleteNamespace();
    }

    static Stream<Arguments> ways() {
        return HowTo.lines().stream()
                .flatMap(line -> IntStream.range(0, line.ours().size())
                        .mapToObj(way -> Arguments.of(
                                line.id() + " " + line.heading() + ", "
                                        + on(line.ours().get(way)),
                                line,
                                way)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void what_is_declared_leaves_the_same(String name, HowTo line, int way) throws Exception {
        Left theirs = PLAYED.get(line.id()).get();
        Left ours = PLAYED.get(machine(line, way)).get();

        assertThat(theirs).as("%s: what the page leaves", name).isEqualTo(line.after());
        assertThat(ours).as("%s: what is declared leaves", name).isEqualTo(theirs);
    }

    private static String machine(HowTo line, int way) {
        return line.id() + "-way-" + way;
    }

    private static String on(Way way) {
        return switch (way) {
            case Way.OnOthers _ -> "on what others attached";
            case Way.OnOurs _ -> "on what a binding attached";
            case Way.Early _ -> "declared before the machine exists";
            case Way.Told _ -> "told by the ledger";
        };
    }
}
