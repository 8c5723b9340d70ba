package dev.vmidentity.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs as long as this JVM does, and no longer, however this JVM ends.
 *
 * <p>Its output goes to a log file. A shell stands between: it holds the reading end of a pipe whose only writing end is
 * ours, so that even a SIGKILL of this JVM, after which no hook runs, ends the program.
 */
public final class Child implements AutoCloseable {

    /**
     * "$1" is the log, the rest the command; tells the program's process id. The reader of the pipe asks the program to
     * end when the pipe does, and makes it end ten seconds later.
     */
    private static final String WATCHED = """
            log=$1; shift
            exec 3<&0 4>&1 </dev/null >>"$log" 2>&1
            "$@" 3<&- 4>&- &
            child=$!
            { cat <&3 >/dev/null
              kill -TERM $child
              for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 $child || exit 0; done
              kill -KILL $child; } 2>/dev/null 4>&- &
            reader=$!
            exec 3<&-
            echo $child >&4
            exec 4>&-
            wait $child
            status=$?
            kill $reader 2>/dev/null
            exit $status
            """;

    private static final int TAIL_LINES = 15;

    private final String name;
    private final Path log;
    private final Process shell;
    private final long pid;

    private Child(String name, Path log, Process shell, long pid) {
        this.name = name;
        this.log = log;
        this.shell = shell;
        this.pid = pid;
    }

    /**
     * Starts a program.
     *
     * @param name what messages call it
     * @param command the program and its arguments
     * @param environment added to this JVM's own environment
     * @param log where its output goes; an earlier log is kept beside it as {@code .previous}
     */
    public static Child start(String name, List<String> command, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            if (Files.exists(log)) {
                Files.move(
                        log, log.resolveSibling(log.getFileName() + ".previous"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.createFile(log);
            List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, name, log.toString()));
            watched.addAll(command);
            ProcessBuilder builder =
                    new ProcessBuilder(watched).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process shell = builder.start();
            return new Child(
                    name, log, shell, Long.parseLong(shell.inputReader().readLine()));
        } catch (IOException e) {
            throw new UncheckedIOException("%s could not be started".formatted(name), e);
        }
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return shell.isAlive();
    }

    /** The program's process id. */
    public long pid() {
        return pid;
    }

    /** The program's process; empty once it has ended. */
    public Optional<ProcessHandle> process() {
        return shell.isAlive() ? ProcessHandle.of(pid) : Optional.empty();
    }

    /**
     * Complains if the program has ended.
     *
     * @throws IllegalStateException if the program has ended, with the last lines of its log
     */
    public void requireAlive() {
        if (!shell.isAlive()) {
            throw new IllegalStateException("%s ended with exit code %d; the end of %s:%n%s"
                    .formatted(name, shell.exitValue(), log, logTail()));
        }
    }

    /** The last lines of the log, for a message. */
    public String logTail() {
        try {
            List<String> lines = Files.readString(log).lines().toList();
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: %s)".formatted(e.getMessage());
        }
    }

    /** Asks the program to end, and after {@code patience} makes it. */
    public void stop(Duration patience) {
        process().ifPresent(ProcessHandle::destroy);
        try {
            if (!shell.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the program at once, as a power cut would, and waits until it is gone. */
    public void kill() {
        process().ifPresent(ProcessHandle::destroyForcibly);
        // The shell ends with the program, and takes the reader of the pipe along.
        shell.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Asks it to end, with ten seconds of patience. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }
}
