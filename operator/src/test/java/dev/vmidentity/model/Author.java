package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.Asking.Listed;
import dev.vmidentity.binding.Asking.Manner;
import dev.vmidentity.binding.Asking.OwnIdentity;
import dev.vmidentity.binding.StoredLedgers;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.model.Step.Interruption;
import dev.vmidentity.model.Step.PatchFault;
import dev.vmidentity.model.Step.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Writes histories. Equal seeds, equal histories. */
final class Author {
    static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    static final List<ArmId> IDENTITIES = List.of(id("a"), id("b"), id("c"), id("d"));
    private static final List<String> ENVIRONMENTS = List.of("prod", "test");
    private static final int BINDINGS = 4;
    private static final int MOST_CALLS = 9;

    private final Random random;
    private final Climate climate;
    private final boolean onSimulator;
    private final List<TargetId> targets;
    private final int[] generations = new int[BINDINGS];

    private Author(long seed, boolean onSimulator) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.climate = Climate.of(random, onSimulator);
        this.onSimulator = onSimulator;
        this.targets = targets(climate);
    }

    static History history(long seed, boolean onSimulator) {
        Author author = new Author(seed, onSimulator);
        return new History(seed, author.climate, author.steps());
    }

    static List<TargetId> targets(Climate climate) {
        return List.of(
                        climate.scaleSetFirst()
                                ? machine(MachineKind.SCALE_SET, "vmss")
                                : machine(MachineKind.VIRTUAL_MACHINE, "vm"),
                        climate.scaleSetFirst()
                                ? machine(MachineKind.VIRTUAL_MACHINE, "vm")
                                : machine(MachineKind.SCALE_SET, "vmss"),
                        TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-more", "vm2"))
                .subList(0, climate.machines());
    }

    private static TargetId machine(MachineKind kind, String name) {
        return TargetId.of(kind, SUBSCRIPTION, "rg-vms", name);
    }

    private static ArmId id(String name) {
        return ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", name);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (TargetId target : targets) {
            if (!climate.machinesGo() || random.nextBoolean()) {
                steps.add(climate.calm() ? new Step.MakeMachine(target, List.of(), false, tags()) : made(target));
            }
        }
        for (int name = 0; name < 2; name++) {
            steps.add(new Step.Bind(asking("b" + name, "b" + name + ".0")));
        }
        int length = 15 + random.nextInt(60);
        for (int i = 0; i < length; i++) {
            steps.add(
                    switch (random.nextInt(22)) {
                        case 0, 1, 2, 3, 4 -> users();
                        case 5, 6 -> random.nextInt(6) == 0 ? admins() : others();
                        case 7 ->
                            random.nextBoolean() ? azure() : new Step.Pass(Duration.ofSeconds(1 + random.nextInt(90)));
                        case 8 ->
                            climate.processesDie() && random.nextBoolean()
                                    ? new Step.Restart(random.nextInt(2))
                                    : round();
                        case 9, 10 -> climate.machinesGo() || climate.identitiesGo() ? azure() : round();
                        case 11, 12 -> climate.selects() || climate.inBulk() ? fleet() : round();
                        default -> round();
                    });
        }
        return steps;
    }

    // ---- users

    private Step users() {
        int name = random.nextInt(BINDINGS);
        String uid = "b" + name + "." + generations[name];
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                generations[name]++;
                yield new Step.Delete(uid);
            }
            case 2 -> {
                if (random.nextInt(3) > 0 && !climate.brakes()) {
                    yield new Step.Bind(asking("b" + name, uid));
                }
                generations[name]++;
                yield new Step.Vanish(uid);
            }
            default -> new Step.Bind(asking("b" + name, uid));
        };
    }

    /** A cluster admin, who may write ledgers. */
    private Step admins() {
        TargetId target = any(targets);
        if (climate.selects() && climate.brakes() && climate.confirms() && random.nextBoolean()) {
            int name = random.nextInt(BINDINGS);
            return new Step.ConfirmBinding("b" + name + "." + generations[name]);
        }
        return climate.ledgersVanish()
                ? new Step.DeleteLedger(target)
                : climate.confirms() ? new Step.Confirm(target) : others();
    }

    private Asking asking(String name, String uid) {
        Release release = climate.retain() && random.nextInt(3) == 0 ? Release.RETAIN : Release.DETACH;
        List<Listed> listed = new ArrayList<>();
        for (ArmId id : some(IDENTITIES, 3)) {
            boolean allowed = !climate.unresolved() || random.nextInt(4) > 0;
            listed.add(new Listed(id, allowed, climate.adopt() && random.nextInt(3) == 0));
        }
        boolean complete = !climate.unresolved() || random.nextInt(4) > 0;
        boolean selects = climate.selects() && random.nextInt(3) > 0;
        OwnIdentity own = ownIdentity();
        if ((selects || climate.instances()) && listed.isEmpty() && own == OwnIdentity.NOTHING) {
            // The API server refuses one that asks for nothing.
            listed.add(new Listed(any(IDENTITIES), true, false));
        }
        if (selects) {
            // Its spec says of all alike whether they are adopted.
            boolean adopts = climate.adopt() && random.nextInt(3) == 0;
            listed.replaceAll(one -> new Listed(one.id(), one.allowed(), adopts));
            boolean enabled = own == OwnIdentity.ENABLED || own == OwnIdentity.ENABLED_ADOPT;
            own = !enabled ? own : adopts ? OwnIdentity.ENABLED_ADOPT : OwnIdentity.ENABLED;
        }
        Asking.About about = selects ? matching() : new Asking.About.One(any(targets));
        return new Asking(
                // A namespace each: its rights make of the spec what is said here.
                new Holder(uid, "team-" + uid, name, release),
                0,
                false,
                about,
                listed,
                own,
                manner(),
                climate.guards() && random.nextInt(3) > 0,
                complete,
                climate.instances() && !(about instanceof Asking.About.One(TargetId machine) && isVirtual(machine))
                        ? random.nextInt(4)
                        : 0);
    }

    /** It has no instances to upgrade. */
    private static boolean isVirtual(TargetId machine) {
        return machine.kind() == MachineKind.VIRTUAL_MACHINE;
    }

    private Asking.About matching() {
        String subscription = "/subscriptions/" + SUBSCRIPTION;
        List<String> scopes = List.of(
                subscription,
                subscription + "/resourceGroups/rg-vms",
                subscription + "/resourceGroups/RG-more",
                any(targets).id().value());
        List<MachineKind> kinds = random.nextInt(3) > 0
                ? List.of(MachineKind.values())
                : List.of(any(Arrays.asList(MachineKind.values())));
        return new Asking.About.Matching(
                Set.copyOf(kinds),
                random.nextBoolean() ? List.of(scopes.getFirst()) : List.of(any(scopes)),
                random.nextInt(4) > 0 ? Map.of("env", any(ENVIRONMENTS)) : Map.of());
    }

    private Map<String, String> tags() {
        return random.nextInt(4) > 0 ? Map.of(any(List.of("env", "Env")), any(ENVIRONMENTS)) : Map.of();
    }

    private Manner manner() {
        return climate.policies() ? any(Arrays.asList(Manner.values())) : Manner.SHARED;
    }

    private OwnIdentity ownIdentity() {
        return switch (random.nextInt(9)) {
            case 0, 1 -> OwnIdentity.ENABLED;
            case 2 -> OwnIdentity.DISABLED;
            case 3 -> climate.adopt() ? OwnIdentity.ENABLED_ADOPT : OwnIdentity.NOTHING;
            case 4 -> climate.unresolved() ? OwnIdentity.REFUSED : OwnIdentity.NOTHING;
            default -> OwnIdentity.NOTHING;
        };
    }

    // ---- Azure and other people

    private Step azure() {
        if (climate.identitiesGo() && random.nextInt(3) == 0) {
            ArmId id = any(IDENTITIES);
            return random.nextBoolean() ? new Step.DeleteIdentity(id) : new Step.MakeIdentity(id);
        }
        if (climate.machinesGo() && random.nextInt(3) > 0) {
            TargetId target = any(targets);
            return random.nextInt(3) == 0 ? new Step.DeleteMachine(target) : made(target);
        }
        return climate.calm() ? new Step.Pass(Duration.ofSeconds(5)) : new Step.Occupy(any(targets));
    }

    /** What is said of machines, and of many at once. */
    private Step fleet() {
        if (climate.selects() && !climate.calm() && random.nextBoolean()) {
            return new Step.Tag(any(targets), tags());
        }
        return new Step.Ask(
                random.nextBoolean() ? Inventory.Mood.ANSWERS : any(Arrays.asList(Inventory.Mood.values())),
                any(targets));
    }

    private Step made(TargetId target) {
        return new Step.MakeMachine(target, some(IDENTITIES, 2), random.nextInt(4) == 0, tags());
    }

    private Step others() {
        TargetId target = any(targets);
        if (climate.calm()) {
            return round();
        }
        if ((climate.selects() || climate.inBulk()) && random.nextInt(4) == 0) {
            return fleet();
        }
        if (!climate.othersWrite()) {
            return new Step.Touch(target);
        }
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> new Step.Attach(target, any(IDENTITIES));
            case 3, 4 -> new Step.Detach(target, any(IDENTITIES));
            case 5 -> new Step.Replace(target, some(IDENTITIES, 3), random.nextBoolean());
            case 6 -> new Step.EnableSystem(target);
            case 7 -> new Step.DisableSystem(target);
            default -> new Step.Touch(target);
        };
    }

    // ---- the operator

    private Step round() {
        return new Step.Round(
                climate.twoProcesses() ? random.nextInt(2) : 0,
                any(targets),
                climate.calm() || random.nextInt(4) > 0,
                random.nextInt(4) > 0,
                script());
    }

    private Script script() {
        return new Script(
                interruptions(),
                climate.answersFail() ? faults() : List.of(),
                climate.answersFail() && random.nextInt(6) == 0 ? List.of(readFault()) : List.of(),
                climate.answersFail() && random.nextInt(6) == 0 ? List.of(readFault()) : List.of(),
                climate.ledgersFail() && random.nextInt(2) == 0
                        ? upTo(2, () -> any(Arrays.asList(StoredLedgers.Mishap.values())))
                        : List.of(),
                climate.instances() && climate.answersFail() && random.nextInt(4) == 0
                        ? List.of(readFault())
                        : List.of(),
                climate.instances() && climate.answersFail() && random.nextInt(2) == 0
                        ? List.of(upgradeFault())
                        : List.of(),
                climate.readsAreStale() && random.nextInt(2) == 0,
                climate.ledgersFail() && random.nextInt(6) == 0);
    }

    /** Most rounds send nothing. */
    private List<PatchFault> faults() {
        return random.nextInt(3) > 0 ? List.of(patchFault()) : upTo(2, this::patchFault);
    }

    private List<Interruption> interruptions() {
        if (climate.calm()) {
            return List.of();
        }
        return upTo(3, () -> new Interruption(1 + random.nextInt(MOST_CALLS), random.nextBoolean(), interrupting()));
    }

    private Step interrupting() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> climate.processesDie() ? new Step.Kill() : others();
            case 2, 3 -> users();
            case 4 -> new Step.Pass(Duration.ofSeconds(1 + random.nextInt(20)));
            case 5, 6 -> climate.twoProcesses() ? round() : others();
            case 7 -> random.nextBoolean() ? azure() : admins();
            default -> others();
        };
    }

    private PatchFault patchFault() {
        return switch (random.nextInt(12)) {
            case 0 -> new PatchFault.Scripted(new Mishap.CutBeforeEffect());
            case 1 -> new PatchFault.Scripted(new Mishap.CutAfterEffect());
            case 2 -> new PatchFault.Scripted(new Mishap.CutWithinAnswer());
            case 3 -> new PatchFault.Late(Duration.ofSeconds(1 + random.nextInt(29)));
            case 4 -> new PatchFault.Scripted(new Mishap.PreconditionFailedAfterEffect());
            case 5, 6 ->
                new PatchFault.Scripted(new Mishap.OperationFails(
                        new Fault.Busy("OperationPreempted", "preempted by a more recent operation"),
                        random.nextBoolean()));
            case 7 -> new PatchFault.FailsAndStays(new Fault.AzureUnwell(500, "InternalExecutionError", "failed"));
            case 8 -> new PatchFault.AnsweredAfterEffect(new Fault.AzureUnwell(500, "InternalServerError", "failed"));
            case 9 -> new PatchFault.NeverEnds();
            case 10 -> new PatchFault.Scripted(new Mishap.Answered(readFault()));
            default -> new PatchFault.Scripted(new Mishap.Answered(refusal()));
        };
    }

    private PatchFault upgradeFault() {
        return switch (random.nextInt(5)) {
            case 0 -> new PatchFault.Scripted(new Mishap.CutBeforeEffect());
            case 1 -> new PatchFault.Scripted(new Mishap.CutAfterEffect());
            case 2 -> new PatchFault.FailsAndStays(new Fault.AzureUnwell(500, "InternalExecutionError", "failed"));
            case 3 -> new PatchFault.NeverEnds();
            default -> new PatchFault.Scripted(new Mishap.Answered(readFault()));
        };
    }

    private Fault readFault() {
        return random.nextBoolean()
                ? new Fault.AzureUnwell(503, "ServerTimeout", "unwell")
                : new Fault.Throttled(
                        Fault.Throttled.Scope.SUBSCRIPTION,
                        Optional.of(Duration.ofSeconds(1 + random.nextInt(60))),
                        "slow down");
    }

    private Fault refusal() {
        return switch (onSimulator ? 0 : random.nextInt(4)) {
            case 1 -> new Fault.IdentityRefused(List.of(), "BadRequest", "one of them is bad");
            case 2 -> new Fault.Refused("RequestDisallowedByPolicy", "not allowed by policy");
            case 3 -> new Fault.Busy("Conflict", "another operation runs");
            default -> readFault();
        };
    }

    // ---- chance

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> List<T> some(List<T> all, int most) {
        List<T> some = new ArrayList<>();
        int count = random.nextInt(most + 1);
        for (T one : all) {
            if (some.size() < count && random.nextBoolean()) {
                some.add(one);
            }
        }
        return some;
    }

    /** Often none. */
    private <T> List<T> upTo(int most, Supplier<T> one) {
        List<T> all = new ArrayList<>();
        while (all.size() < most && random.nextInt(3) == 0) {
            all.add(one.get());
        }
        return all;
    }
}
