package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.Machine;
import java.util.List;

/** Who may do what. */
interface Access {
    /** Everything is allowed. */
    Access OPEN = new Access() {
        @Override
        public void request(Call call) {}

        @Override
        public void assign(Call call, Machine target, List<String> identities) {}
    };

    /** Refuses a request that the caller may not make. */
    void request(Call call);

    /** Refuses when the caller may not assign one of the identities that a write names. */
    void assign(Call call, Machine target, List<String> identities);
}
