package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.http.Answer;

/** One resource type (or a few that belong together) behind ARM's front door. */
interface Provider {
    /** Answers, or throws {@link Refusal}. Path, version, token, subscription and group have been checked. */
    Answer handle(Call call);
}
