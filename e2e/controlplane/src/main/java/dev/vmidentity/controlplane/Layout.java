package dev.vmidentity.controlplane;

import java.nio.file.Path;

/**
 * Where a control plane keeps what.
 *
 * @param home the folder that holds all of it
 */
record Layout(Path home) {

    static Layout in(Path home) {
        return new Layout(home);
    }

    Path certificates() {
        return home.resolve("certificates");
    }

    Path etcdData() {
        return home.resolve("etcd");
    }

    Path kubeconfigs() {
        return home.resolve("kubeconfigs");
    }

    Path logs() {
        return home.resolve("logs");
    }
}
