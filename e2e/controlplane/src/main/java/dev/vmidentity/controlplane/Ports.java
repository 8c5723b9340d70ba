package dev.vmidentity.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1 that were free a moment ago. */
record Ports(int apiServer, int etcdClient, int etcdPeer) {

    static Ports free() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        // All open at once, so that they differ.
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return new Ports(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
