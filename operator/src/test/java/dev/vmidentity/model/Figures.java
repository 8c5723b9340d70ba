package dev.vmidentity.model;

import dev.vmidentity.model.Player.Played;

/** What many histories came to. */
final class Figures {
    private int histories;
    private long causes;
    private long reads;
    private long patches;
    private double mostPatches;

    void add(Played played) {
        histories++;
        causes += played.causes();
        reads += played.reads();
        patches += played.patches();
        mostPatches = Math.max(mostPatches, (double) played.patches() / Math.max(1, played.causes()));
    }

    @Override
    public String toString() {
        return "%d histories, %d causes, %d reads, %d PATCHes, at most %.2f PATCHes a cause"
                .formatted(histories, causes, reads, patches, mostPatches);
    }
}
