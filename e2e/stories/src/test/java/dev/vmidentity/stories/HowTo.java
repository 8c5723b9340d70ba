package dev.vmidentity.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of Microsoft's how-to pages about managed identities on a machine: what it sends to Azure, and what one declares
 * here instead. {@code docs/how-to.md} has a row for each, under the same id.
 *
 * @param heading the page's own, and which of its steps
 * @param before the machine's identity block before
 * @param theirs the page's request; {@code ID1} and {@code ID2} stand for the ids of two identities
 * @param then what they do when that is done
 * @param ours ways to declare it, each of which must lead to the same
 * @param after what both must leave
 */
record HowTo(
        String id, Kind kind, String heading, Block before, Request theirs, Then then, List<Way> ours, Left after) {
    HowTo {
        ours = List.copyOf(ours);
    }

    enum Kind {
        VM("virtualMachine"),
        VMSS("virtualMachineScaleSet");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        /** In {@code spec.target} of a binding. */
        String field() {
            return field;
        }
    }

    /** An identity block: whether the machine has an identity of its own, and the others by name. */
    record Block(boolean system, Set<String> user) {
        Block {
            user = Set.copyOf(new TreeSet<>(user));
        }

        /** As Azure spells it; {@code None} stands for a machine without the block. */
        String type() {
            if (user.isEmpty()) {
                return system ? "SystemAssigned" : "None";
            }
            return system ? "SystemAssigned, UserAssigned" : "UserAssigned";
        }
    }

    /** What a page sends. A PUT creates the machine with that identity block; a GET has none. */
    record Request(String method, String apiVersion, String identity) {}

    /** What they do after the request. */
    sealed interface Then {
        record Nothing() implements Then {}

        /** The machine's own identity is given a role; {@code SUBSCRIPTION} and {@code GROUP} stand for scopes. */
        record Assign(Role role) implements Then {}

        /** Instances of the scale set are brought to its model. */
        record Upgrade(List<String> instanceIds) implements Then {
            public Upgrade {
                instanceIds = List.copyOf(instanceIds);
            }
        }
    }

    /** A role, by its name, which has no case, at a scope. */
    record Role(String role, String scope) {
        Role {
            role = role.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What there is afterwards.
     *
     * @param roles of the machine's own identity
     * @param onLatestModel how many of how many instances are on the scale set's model; empty where the line is not about it
     */
    record Left(Block block, Set<Role> roles, Optional<String> onLatestModel) {
        Left {
            roles = Set.copyOf(roles);
        }
    }

    /** One way to declare it. */
    sealed interface Way {
        /** What is there was put there by others; then these bindings, one after the other, each under the same name. */
        record OnOthers(List<String> bindings) implements Way {}

        /** The first binding put there what is there; then the others. */
        record OnOurs(List<String> bindings) implements Way {}

        /** The binding is there before the machine is. */
        record Early(String binding) implements Way {}

        /** Others put this there, and the binding the rest; the machine's ledger tells of all. */
        record Told(Block others, String binding) implements Way {}
    }

    private static final String READS =
            "systemAssigned: {enabled: true, roleAssignments: [{role: Reader, scope: GROUP}]}";

    /** In the place of a binding: it is deleted. */
    static final String DELETED = "";

    static List<HowTo> lines() {
        List<HowTo> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            lines.addAll(lines(kind));
        }
        return lines;
    }

    private static List<HowTo> lines(Kind kind) {
        var lines = new Lines(kind);
        boolean vm = kind == Kind.VM;
        String a = vm ? "an Azure VM" : "a virtual machine scale set";
        String existing = vm ? "an existing Azure VM" : "an existing Azure virtual machine scale set";
        String spelled = vm ? "UserAssigned" : "userAssigned";

        lines.page("Enable system-assigned managed identity during creation of " + a)
                .line("", none(), put("2018-06-01", "{'type':'SystemAssigned'}"), system())
                .early("systemAssigned: {enabled: true}");
        lines.page(
                        vm
                                ? "Enable system-assigned identity on an existing Azure VM"
                                : "Enable system-assigned managed identity on an existing virtual machine scale set")
                .line("step 2", none(), patch("2018-06-01", "{'type':'SystemAssigned'}"), system())
                .others("systemAssigned: {enabled: true}")
                .line(
                        "step 3",
                        user("ID1", "ID2"),
                        patch(
                                "2018-06-01",
                                "{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'ID1':{},'ID2':{}}}"),
                        both("ID1", "ID2"))
                .others("systemAssigned: {enabled: true}")
                .ours(ids("ID1", "ID2"), "systemAssigned: {enabled: true}, " + ids("ID1", "ID2"))
                .line(
                        "step 3, version 2017-12-01",
                        user("ID1", "ID2"),
                        patch("2017-12-01", "{'type':'SystemAssigned,UserAssigned','identityIds':['ID1','ID2']}"),
                        both("ID1", "ID2"))
                .others("systemAssigned: {enabled: true}");
        lines.page("Disable system-assigned managed identity from " + a)
                .line("step 2", system(), patch("2018-06-01", "{'type':'None'}"), none())
                .others("systemAssigned: {enabled: false}")
                .ours("systemAssigned: {enabled: true}", "systemAssigned: {enabled: false}")
                .ours("systemAssigned: {enabled: true}", DELETED)
                .line(
                        "keep the user-assigned ones",
                        both("ID1", "ID2"),
                        patch("2018-06-01", "{'type':'UserAssigned','userAssignedIdentities':{'ID1':{},'ID2':{}}}"),
                        user("ID1", "ID2"))
                .others("systemAssigned: {enabled: false}")
                .ours(
                        "systemAssigned: {enabled: true}, " + ids("ID1", "ID2"),
                        "systemAssigned: {enabled: false}, " + ids("ID1", "ID2"))
                .line(
                        "keep the user-assigned ones, version 2017-12-01",
                        both("ID1", "ID2"),
                        patch("2017-12-01", "{'type':'UserAssigned','identityIds':['ID1','ID2']}"),
                        user("ID1", "ID2"))
                .others("systemAssigned: {enabled: false}");
        lines.page("Assign a user-assigned managed identity during the creation of " + a)
                .line(
                        "",
                        none(),
                        put(
                                "2018-06-01",
                                vm
                                        ? "{'type':'UserAssigned','identityIds':['ID1']}"
                                        : "{'type':'UserAssigned','userAssignedIdentities':{'ID1':{}}}"),
                        user("ID1"))
                .early(ids("ID1"))
                .line(
                        "version 2017-12-01",
                        none(),
                        put("2017-12-01", "{'type':'UserAssigned','identityIds':['ID1']}"),
                        user("ID1"))
                .early(ids("ID1"));
        lines.page("Assign a user-assigned managed identity to " + existing)
                .line(
                        "step 4",
                        none(),
                        patch(
                                vm ? "2018-06-01" : "2018-12-01",
                                "{'type':'" + spelled + "','userAssignedIdentities':{'ID1':{}}}"),
                        user("ID1"))
                .others(ids("ID1"))
                .line(
                        "step 4, version 2017-12-01",
                        none(),
                        patch("2017-12-01", "{'type':'userAssigned','identityIds':['ID1']}"),
                        user("ID1"))
                .others(ids("ID1"))
                .line(
                        "step 5",
                        both("ID1"),
                        patch(
                                "2018-06-01",
                                "{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'ID1':{},'ID2':{}}}"),
                        both("ID1", "ID2"))
                .others(ids("ID2"))
                .ours(
                        "systemAssigned: {enabled: true}, " + ids("ID1"),
                        "systemAssigned: {enabled: true}, " + ids("ID1", "ID2"))
                .line(
                        "step 5, version 2017-12-01",
                        both("ID1"),
                        patch("2017-12-01", "{'type':'SystemAssigned,UserAssigned','identityIds':['ID1','ID2']}"),
                        both("ID1", "ID2"))
                .others(ids("ID2"))
                .line(
                        "az assign, another is there",
                        user("ID1"),
                        patch("2024-11-01", "{'type':'UserAssigned','userAssignedIdentities':{'ID1':{},'ID2':{}}}"),
                        user("ID1", "ID2"))
                .others(ids("ID2"))
                .ours(ids("ID1"), ids("ID1", "ID2"))
                .line(
                        "az assign, the system-assigned one is there",
                        system(),
                        patch(
                                "2024-11-01",
                                "{'type':'SystemAssigned,UserAssigned','userAssignedIdentities':{'ID1':{}}}"),
                        both("ID1"))
                .others(ids("ID1"))
                .ours("systemAssigned: {enabled: true}", "systemAssigned: {enabled: true}, " + ids("ID1"));
        lines.page("Remove a user-assigned managed identity from " + a)
                .line(
                        "one of several",
                        both("ID1", "ID2"),
                        patch(
                                "2018-06-01",
                                "{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'ID2':null}}"),
                        both("ID1"))
                .others(ids("ID2") + ", adoptionPolicy: Adopt", DELETED)
                .ours(
                        "systemAssigned: {enabled: true}, " + ids("ID1", "ID2"),
                        "systemAssigned: {enabled: true}, " + ids("ID1"))
                .line(
                        "one of several, version 2017-12-01",
                        both("ID1", "ID2"),
                        patch("2017-12-01", "{'type':'SystemAssigned, UserAssigned','identityIds':['ID1']}"),
                        both("ID1"))
                .others(ids("ID1") + ", ownership: Exclusive")
                .line(
                        "all of them, keep the system-assigned one",
                        both("ID1", "ID2"),
                        patch("2018-06-01", "{'type':'SystemAssigned'}"),
                        system())
                .others(ids("ID1", "ID2") + ", adoptionPolicy: Adopt", DELETED)
                .others("systemAssigned: {enabled: true}, ownership: Exclusive")
                .ours("systemAssigned: {enabled: true}, " + ids("ID1", "ID2"), "systemAssigned: {enabled: true}")
                .line(
                        "all of them, there is no other",
                        user("ID1", "ID2"),
                        patch("2018-06-01", "{'type':'None'}"),
                        none())
                .others(ids("ID1", "ID2") + ", adoptionPolicy: Adopt", DELETED)
                .others("systemAssigned: {enabled: false}, ownership: Exclusive")
                .ours(ids("ID1", "ID2"), DELETED)
                .line(
                        "az remove, the only one",
                        user("ID1"),
                        patch("2024-11-01", "{'type':'None','userAssignedIdentities':null}"),
                        none())
                .others(ids("ID1") + ", adoptionPolicy: Adopt", DELETED)
                .ours(ids("ID1"), DELETED)
                .line(
                        "az remove, the only one beside the system-assigned",
                        both("ID1"),
                        patch(
                                "2024-11-01",
                                vm
                                        ? "{'type':'SystemAssigned','userAssignedIdentities':null}"
                                        : "{'type':'SystemAssigned'}"),
                        system())
                .others(ids("ID1") + ", adoptionPolicy: Adopt", DELETED)
                .ours("systemAssigned: {enabled: true}, " + ids("ID1"), "systemAssigned: {enabled: true}");
        commands(lines, vm ? "az vm" : "az vmss");
        if (!vm) {
            instances(lines);
        }
        return lines.all();
    }

    /** What the CLI does beyond one request about the identity block. */
    private static void commands(Lines lines, String az) {
        Role reader = new Role("Reader", "GROUP");
        lines.page("")
                .line(
                        az + " create --assign-identity --role contributor --scope <SUBSCRIPTION>",
                        none(),
                        put("2024-11-01", "{'type':'SystemAssigned'}"),
                        system())
                .assigning(new Role("contributor", "SUBSCRIPTION"))
                .early("systemAssigned: {enabled: true, roleAssignments: [{role: contributor, scope: SUBSCRIPTION}]}")
                .line(
                        az + " create --assign-identity [system] <name> --role <ROLE> --scope <SCOPE>",
                        none(),
                        put("2024-11-01", "{'type':'SystemAssigned,UserAssigned','userAssignedIdentities':{'ID1':{}}}"),
                        both("ID1"))
                .assigning(reader)
                .early(READS + ", " + ids("ID1"))
                .line(
                        az + " identity assign --role <ROLE> --scope <SCOPE>",
                        none(),
                        patch("2024-11-01", "{'type':'SystemAssigned'}"),
                        system())
                .assigning(reader)
                .others(READS)
                .line(
                        az + " identity assign --role <ROLE> --scope <SCOPE>, user-assigned ones are there",
                        user("ID1"),
                        patch(
                                "2024-11-01",
                                "{'type':'SystemAssigned,UserAssigned','userAssignedIdentities':{'ID1':{}}}"),
                        both("ID1"))
                .assigning(reader)
                .others(READS)
                .ours(ids("ID1"), READS + ", " + ids("ID1"))
                .line(
                        az + " identity show",
                        both("ID1", "ID2"),
                        new Request("GET", "2024-11-01", ""),
                        both("ID1", "ID2"))
                .told(both("ID1"), ids("ID2"));
    }

    private static void instances(Lines lines) {
        lines.line(
                        "az vmss identity assign, then az vmss update-instances --instance-ids '*'",
                        none(),
                        patch("2024-11-01", "{'type':'UserAssigned','userAssignedIdentities':{'ID1':{}}}"),
                        user("ID1"))
                .upgrading("*")
                .others(ids("ID1") + ", instanceUpgrade: Automatic, instanceUpgradeBatchSize: 3")
                .line(
                        "Update-AzVmss, then Update-AzVmssInstance of each instance",
                        none(),
                        patch("2024-11-01", "{'type':'SystemAssigned'}"),
                        system())
                .upgrading("0", "1", "2")
                .others("systemAssigned: {enabled: true}, instanceUpgrade: Automatic, instanceUpgradeBatchSize: 2");
    }

    private static Block none() {
        return new Block(false, Set.of());
    }

    private static Block system() {
        return new Block(true, Set.of());
    }

    private static Block user(String... ids) {
        return new Block(false, Set.of(ids));
    }

    private static Block both(String... ids) {
        return new Block(true, Set.of(ids));
    }

    private static Request put(String apiVersion, String identity) {
        return new Request("PUT", apiVersion, identity.replace('\'', '"'));
    }

    private static Request patch(String apiVersion, String identity) {
        return new Request("PATCH", apiVersion, identity.replace('\'', '"'));
    }

    /** The part of a binding that lists identities by their ids. */
    private static String ids(String... ids) {
        return "userAssigned: [{resourceId: " + String.join("}, {resourceId: ", ids) + "}]";
    }

    /** The lines of one page, in its order. */
    private static final class Lines {
        private final Kind kind;
        private final List<HowTo> all = new ArrayList<>();
        private String heading = "";

        Lines(Kind kind) {
            this.kind = kind;
        }

        Lines page(String heading) {
            this.heading = heading;
            return this;
        }

        Lines line(String step, Block before, Request theirs, Block after) {
            String id = kind + "-" + (all.size() + 1);
            String where =
                    Stream.of(heading, step).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
            Left left = new Left(after, Set.of(), Optional.empty());
            all.add(new HowTo(id, kind, where, before, theirs, new Then.Nothing(), List.of(), left));
            return this;
        }

        Lines assigning(Role role) {
            HowTo last = all.removeLast();
            Left left = new Left(last.after().block(), Set.of(role), Optional.empty());
            all.add(last.ending(new Then.Assign(role), left));
            return this;
        }

        Lines upgrading(String... instanceIds) {
            HowTo last = all.removeLast();
            Left left = new Left(last.after().block(), Set.of(), Optional.of("3/3"));
            all.add(last.ending(new Then.Upgrade(List.of(instanceIds)), left));
            return this;
        }

        Lines others(String... bindings) {
            return way(new Way.OnOthers(List.of(bindings)));
        }

        Lines ours(String... bindings) {
            return way(new Way.OnOurs(List.of(bindings)));
        }

        Lines early(String binding) {
            return way(new Way.Early(binding));
        }

        Lines told(Block others, String binding) {
            return way(new Way.Told(others, binding));
        }

        private Lines way(Way way) {
            all.add(all.removeLast().with(way));
            return this;
        }

        List<HowTo> all() {
            return all;
        }
    }

    private HowTo ending(Then next, Left left) {
        return new HowTo(id, kind, heading, before, theirs, next, ours, left);
    }

    private HowTo with(Way way) {
        List<Way> ways = new ArrayList<>(ours);
        ways.add(way);
        return new HowTo(id, kind, heading, before, theirs, then, ways, after);
    }
}
