package dev.vmidentity.simulator;

import dev.vmidentity.simulator.directory.Tokens;
import dev.vmidentity.simulator.model.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ten thousand machines, a hundred thousand requests from eight clients at once, on this machine only: a GET of a machine, every fiftieth a
 * PATCH. Prints the time of its own that a GET takes in the server, and what the clients saw. Not a test: it judges nothing.
 */
final class Benchmark {
    private static final int MACHINES = 10_000;
    private static final int REQUESTS = 100_000;
    private static final int CLIENTS = 8;

    private Benchmark() {}

    public static void main(String[] args) throws Exception {
        var list = Json.array();
        for (int i = 0; i < MACHINES; i++) {
            list.addObject().put("id", machine(i)).put("location", "westus");
        }
        try (var azure = Simulator.start(Options.defaults())) {
            azure.settings().merge("{\"operations\":{\"vmPatch\":1,\"vmNoop\":1}}");
            azure.state().merge(list);
            for (int round = 1; round <= 2; round++) {
                round(azure, round);
            }
        }
    }

    private static void round(Simulator azure, int round) throws Exception {
        var counter = new AtomicInteger();
        var times = new long[REQUESTS];
        var authorization = "Bearer " + azure.token("benchmark");
        long begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var http = HttpClient.newBuilder()
                        .sslContext(azure.clientContext())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Callable<Boolean> client = () -> {
                for (int n = counter.getAndIncrement(); n < REQUESTS; n = counter.getAndIncrement()) {
                    var request = HttpRequest.newBuilder(URI.create(azure.endpoint()
                                    + machine(ThreadLocalRandom.current().nextInt(MACHINES))
                                    + ArmClient.COMPUTE))
                            .header("Authorization", authorization);
                    if (n % 50 == 0) {
                        request.method(
                                "PATCH",
                                HttpRequest.BodyPublishers.ofString("{\"identity\":{\"type\":\"SystemAssigned\"}}"));
                    }
                    long start = System.nanoTime();
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                    times[n] = System.nanoTime() - start;
                }
                return true;
            };
            for (var future : threads.invokeAll(java.util.Collections.nCopies(CLIENTS, client))) {
                future.get();
            }
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        double first = median(Arrays.copyOfRange(times, 0, REQUESTS / 10));
        double last = median(Arrays.copyOfRange(times, REQUESTS - REQUESTS / 10, REQUESTS));
        Arrays.sort(times);
        System.out.printf(
                "round %d: %d requests in %.1f s (%.0f/s) by %d clients; seen by a client: median %.2f ms (first tenth %.2f, last tenth %.2f), 99%% %.2f ms; own time of a GET: %.3f ms, with roles enforced: %.3f ms%n",
                round,
                REQUESTS,
                seconds,
                REQUESTS / seconds,
                CLIENTS,
                times[REQUESTS / 2] / 1e6,
                first,
                last,
                times[REQUESTS * 99 / 100] / 1e6,
                ownTime(azure),
                enforced(azure));
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }

    /** The same where a hundred role assignments decide, the one that counts among them. */
    private static double enforced(Simulator azure) {
        var list = Json.array();
        for (int i = 0; i < 100; i++) {
            var principal =
                    i == 99 ? Tokens.objectId("benchmark") : "00000000-0000-4000-8000-0000000000" + (10 + i % 90);
            list.addObject()
                    .put(
                            "id",
                            ArmClient.SUBSCRIPTION
                                    + "/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000"
                                    + (100 + i))
                    .putObject("properties")
                    .put("principalId", principal)
                    .put("roleDefinitionId", "acdd72a7-3385-48ef-bd42-f606fba81ae7");
        }
        azure.state().merge(list);
        azure.settings().merge("{\"access\":{\"enforced\":true}}");
        if (azure.answer("GET", machine(1) + ArmClient.COMPUTE, "Bearer " + azure.token("benchmark"))
                        .status()
                != 200) {
            throw new IllegalStateException("not allowed");
        }
        double time = ownTime(azure);
        azure.settings().merge("{\"access\":{\"enforced\":false}}");
        return time;
    }

    /** A GET handled without the wire, one after the other. */
    private static double ownTime(Simulator azure) {
        int count = 20_000;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            azure.answer("GET", machine(i % MACHINES) + ArmClient.COMPUTE, "Bearer " + azure.token("benchmark"));
        }
        return (System.nanoTime() - start) / 1e6 / count;
    }

    private static String machine(int i) {
        return ArmClient.SUBSCRIPTION
                + "/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachines/many-" + i;
    }
}
