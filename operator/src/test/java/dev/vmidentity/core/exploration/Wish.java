package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Demand;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What the users ask for about X. */
enum Wish {
    WANTED(Demand.WANT, false),
    WANTED_AND_ADOPTED(Demand.WANT, true),
    KEPT(Demand.KEEP, false),
    UNWANTED(Demand.UNWANTED, false),
    FORBIDDEN(Demand.FORBID, false);

    static final Set<Wish> WANTED_OR_NOT = Collections.unmodifiableSet(EnumSet.of(WANTED, UNWANTED));
    static final Set<Wish> OR_FORBIDDEN = Collections.unmodifiableSet(EnumSet.of(WANTED, UNWANTED, FORBIDDEN));
    static final Set<Wish> OR_KEPT = Collections.unmodifiableSet(EnumSet.of(WANTED, UNWANTED, KEPT));
    static final Set<Wish> OR_FORBIDDEN_OR_ADOPTED =
            Collections.unmodifiableSet(EnumSet.of(WANTED, WANTED_AND_ADOPTED, UNWANTED, FORBIDDEN));

    private final Demand demand;
    private final boolean adopts;

    Wish(Demand demand, boolean adopts) {
        this.demand = demand;
        this.adopts = adopts;
    }

    Demand demand() {
        return demand;
    }

    boolean adopts() {
        return adopts;
    }
}
