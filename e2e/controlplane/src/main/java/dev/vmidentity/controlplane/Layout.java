package dev.vmidentity.controlplane;

import java.nio.file.Path;

/**
 * Where a control plane keeps what.
 *
 * @param home the folder that holds all of it but the logs
 * @param logs the folder of the logs
 */
record Layout(Path home, Path logs) {

    Path certificates() {
        return home.resolve("certificates");
    }

    Path etcdData() {
        return home.resolve("etcd");
    }

    Path kubeconfigs() {
        return home.resolve("kubeconfigs");
    }
}
