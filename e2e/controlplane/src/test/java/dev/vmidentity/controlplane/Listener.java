package dev.vmidentity.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A TCP port that a process listens on, as Linux tells it.
 *
 * @param address in dotted form, or as the kernel writes it when it is one of IPv6
 */
record Listener(String address, int port) {

    private static final String LISTENING = "0A";

    static List<Listener> of(List<ProcessHandle> processes) {
        Set<String> sockets = new HashSet<>();
        processes.forEach(process -> sockets.addAll(socketsOf(process)));
        List<Listener> listeners = new ArrayList<>();
        try {
            for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
                Path path = Path.of(table);
                for (String line : Files.exists(path) ? Files.readAllLines(path) : List.<String>of()) {
                    // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
                    String[] fields = line.trim().split("\\s+", -1);
                    if (fields.length > 9 && fields[3].equals(LISTENING) && sockets.contains(fields[9])) {
                        listeners.add(parsed(fields[1]));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listeners;
    }

    private static Listener parsed(String local) {
        String hex = local.substring(0, local.indexOf(':'));
        int port = Integer.parseInt(local.substring(local.indexOf(':') + 1), 16);
        if (hex.length() != 8) {
            return new Listener(hex, port);
        }
        List<String> bytes = new ArrayList<>();
        for (int i = 6; i >= 0; i -= 2) { // the kernel writes the address in the order of a little-endian machine
            bytes.add(Integer.toString(Integer.parseInt(hex.substring(i, i + 2), 16)));
        }
        return new Listener(String.join(".", bytes), port);
    }

    private static Set<String> socketsOf(ProcessHandle process) {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : open) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (NoSuchFileException e) {
                    // closed since the folder was read
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return inodes;
    }
}
