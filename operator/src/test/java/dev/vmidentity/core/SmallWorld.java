package dev.vmidentity.core;

import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.TargetDemand.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One machine with a few identities, each in any situation: the worlds over which the planner's laws are checked. */
record SmallWorld(List<Part> parts) {
    static final TargetId TARGET = TargetId.of(MachineKind.VIRTUAL_MACHINE, "sub", "rg", "vm1");
    static final String ETAG = "7";
    static final String MACHINE = "this incarnation";
    static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    static final IdentityKey SYSTEM = IdentityKey.SYSTEM_ASSIGNED;
    static final IdentityKey A = identity("a");
    static final IdentityKey B = identity("b");

    /** Parsing an id for each of a million worlds would be most of the work. */
    private static final Map<IdentityKey, AttachedIdentity> ATTACHED = new ConcurrentHashMap<>();

    private static final List<Wish> WISHES = List.of(
            wish(Demand.WANT, false),
            wish(Demand.WANT, true),
            wish(Demand.KEEP, false),
            wish(Demand.UNWANTED, false),
            wish(Demand.FORBID, false));

    /** One identity's situation. */
    record Part(IdentityKey id, @Nullable Claim claim, boolean present, Wish wish) {
        @Override
        public String toString() {
            String entry = claim == null
                    ? "no entry"
                    : claim.phase() + "(" + claim.etag() + ") of " + claim.machineId() + ", " + claim.holders();
            return id + (present ? " there, " : " absent, ") + entry + ", " + wish.demand()
                    + (wish.adopt() ? " and adopted" : "");
        }
    }

    static IdentityKey identity(String name) {
        return IdentityKey.of(ArmId.userAssignedIdentity("sub", "rg", name));
    }

    static Wish wish(Demand demand, boolean adopt) {
        boolean wanted = demand == Demand.WANT;
        return new Wish(demand, adopt, wanted ? heldBy(Release.DETACH) : new TreeSet<>(), Optional.empty());
    }

    static Claim claim(IdentityKey id, Phase phase, @Nullable String etag) {
        return new Claim(id, phase, etag, MACHINE, NOW, null, heldBy(Release.DETACH));
    }

    private static TreeSet<Holder> heldBy(Release release) {
        return new TreeSet<>(List.of(new Holder("uid", "team-a", "web-on-vm1", release)));
    }

    /** Every world of three identities of which one is in any situation, and the others in the usual ones. */
    static void forEach(Consumer<SmallWorld> check) {
        for (IdentityKey any : List.of(SYSTEM, A)) {
            IdentityKey other = any.isSystemAssigned() ? A : SYSTEM;
            for (Part one : every(any)) {
                for (Part two : usual(other)) {
                    for (Part three : usual(B)) {
                        check.accept(new SmallWorld(List.of(one, two, three)));
                    }
                }
            }
        }
    }

    private static List<Part> every(IdentityKey id) {
        List<Part> parts = new ArrayList<>();
        for (Claim claim : everyClaim(id)) {
            for (Wish wish : WISHES) {
                parts.add(new Part(id, claim, true, wish));
                parts.add(new Part(id, claim, false, wish));
            }
        }
        return parts;
    }

    private static List<@Nullable Claim> everyClaim(IdentityKey id) {
        List<@Nullable Claim> claims = new ArrayList<>();
        claims.add(null);
        for (Phase phase : Phase.values()) {
            boolean speaksOfNoEtag = phase == Phase.ATTACHED || phase == Phase.UNSURE;
            for (String etag : speaksOfNoEtag ? new String[] {null} : new String[] {ETAG, "6"}) {
                Claim claim = claim(id, phase, etag);
                claims.add(claim);
                claims.add(claim.heldBy(heldBy(Release.RETAIN)));
                claims.add(claim.on("an earlier incarnation"));
                if (phase == Phase.EVICTING) {
                    claims.add(claim.heldBy(List.of()));
                }
            }
        }
        return claims;
    }

    private static List<Part> usual(IdentityKey id) {
        Claim attached = claim(id, Phase.ATTACHED, null);
        return List.of(
                new Part(id, null, false, wish(Demand.UNWANTED, false)),
                new Part(id, null, true, wish(Demand.UNWANTED, false)),
                new Part(id, null, false, wish(Demand.WANT, false)),
                new Part(id, null, true, wish(Demand.FORBID, false)),
                new Part(id, attached, true, wish(Demand.WANT, false)),
                new Part(id, attached, true, wish(Demand.UNWANTED, false)),
                new Part(id, attached, true, wish(Demand.KEEP, false)),
                new Part(id, claim(id, Phase.ATTACHING, "6"), false, wish(Demand.UNWANTED, false)),
                new Part(id, claim(id, Phase.DETACHING, ETAG), true, wish(Demand.WANT, false)));
    }

    Observation observation() {
        return observation(ETAG, MachineState.SETTLED);
    }

    Observation observation(@Nullable String etag, MachineState state) {
        boolean system =
                parts.stream().anyMatch(part -> part.present() && part.id().isSystemAssigned());
        Map<IdentityKey, AttachedIdentity> attached = parts.stream()
                .filter(part -> part.present() && !part.id().isSystemAssigned())
                .collect(Collectors.toMap(Part::id, part -> attached(part.id())));
        return seen(etag, state, system, attached);
    }

    static Observation seen(
            @Nullable String etag, MachineState state, boolean system, Map<IdentityKey, AttachedIdentity> attached) {
        Optional<SystemIdentity> own = system ? Optional.of(new SystemIdentity("p-system", null)) : Optional.empty();
        return new Observation(TARGET, etag, MACHINE, state, own, attached, "westus", NOW);
    }

    static Observation withEtag(String etag, Observation one) {
        return seen(etag, one.state(), one.systemAssigned().isPresent(), one.userAssigned());
    }

    static Machines.Patched accepted(Observation after) {
        return new Machines.Patched.Accepted(after, Optional.empty(), Optional.empty());
    }

    static AttachedIdentity attached(IdentityKey id) {
        return ATTACHED.computeIfAbsent(id, _ -> new AttachedIdentity(ArmId.of(id.value()), "c-" + id, "p-" + id));
    }

    Ledger ledger() {
        Map<IdentityKey, Claim> claims = new TreeMap<>();
        for (Part part : parts) {
            Claim claim = part.claim();
            if (claim != null) {
                claims.put(part.id(), claim);
            }
        }
        return Ledger.of(claims);
    }

    TargetDemand demand() {
        return new TargetDemand(parts.stream().collect(Collectors.toMap(Part::id, Part::wish)), Demand.UNWANTED);
    }

    /** What an operator knows that has just started. */
    static Memory memory() {
        return Memory.none(NOW);
    }

    Plan plan() {
        return Planner.plan(observation(), ledger(), demand(), memory());
    }

    /** Later than any request to an earlier incarnation can land. */
    static Instant muchLater() {
        return NOW.plus(Duration.ofHours(1));
    }

    @Override
    public String toString() {
        return parts.stream().map(Part::toString).collect(Collectors.joining("\n", "\n", "\n"));
    }
}
