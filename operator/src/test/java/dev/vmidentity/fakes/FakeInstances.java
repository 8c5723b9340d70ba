package dev.vmidentity.fakes;

import dev.vmidentity.core.Instances.Listed;
import dev.vmidentity.core.Instances.Policy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The instances of one scale set in {@link FakeAzure}, and the version of its model that each has. */
final class FakeInstances {
    private final Map<String, Integer> models = new TreeMap<>();
    private Policy policy = Policy.MANUAL;
    private boolean flexible;
    private int latest;
    private List<String> upgrading = List.of();

    void set(Policy next, int count) {
        policy = next;
        models.clear();
        for (int n = 0; n < count; n++) {
            models.put(Integer.toString(n), latest);
        }
    }

    void policy(Policy next) {
        policy = next;
    }

    void flexible() {
        flexible = true;
    }

    boolean isFlexible() {
        return flexible;
    }

    boolean has(Collection<String> ids) {
        return models.keySet().containsAll(ids);
    }

    /** Under another policy than Manual they follow. */
    void modelChanged() {
        latest++;
        if (policy != Policy.MANUAL) {
            models.replaceAll((_, _) -> latest);
        }
    }

    void begin(List<String> ids) {
        upgrading = List.copyOf(ids);
    }

    void end(boolean well) {
        if (well) {
            upgrading.forEach(id -> models.replace(id, latest));
        }
        upgrading = List.of();
    }

    Listed list() {
        return flexible
                ? new Listed.Flexible()
                : new Listed.Whole(
                        policy,
                        models.size(),
                        models.entrySet().stream()
                                .filter(entry -> entry.getValue() != latest)
                                .map(Map.Entry::getKey)
                                .toList());
    }
}
