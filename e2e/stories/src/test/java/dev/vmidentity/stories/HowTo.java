package dev.vmidentity.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One line of Microsoft's how-to pages about managed identities on a machine: what it sends to Azure, and what one declares
 * here instead. {@code docs/how-to.md} has a row for each, under the same id.
 *
 * @param heading the page's own, and which of its steps
 * @param before the machine's identity block before
 * @param theirs the page's request; {@code ID1} and {@code ID2} stand for the ids of two identities
 * @param ours ways to declare it, each of which must lead to the same
 * @param after the identity block that both must leave
 */
record HowTo(String id, Kind kind, String heading, Block before, Request theirs, List<Way> ours, Block after) {
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

    /** What a page sends. A PUT creates the machine with that identity block. */
    record Request(String method, String apiVersion, String identity) {}

    /** One way to declare it. */
    sealed interface Way {
        /** What is there was put there by others; then these bindings, one after the other, each under the same name. */
        record OnOthers(List<String> bindings) implements Way {}

        /** The first binding put there what is there; then the others. */
        record OnOurs(List<String> bindings) implements Way {}

        /** The binding is there before the machine is. */
        record Early(String binding) implements Way {}
    }

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
        return lines.all();
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
            String where = step.isEmpty() ? heading : heading + ", " + step;
            all.add(new HowTo(id, kind, where, before, theirs, List.of(), after));
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

        private Lines way(Way way) {
            HowTo last = all.removeLast();
            List<Way> ways = new ArrayList<>(last.ours());
            ways.add(way);
            all.add(new HowTo(last.id(), kind, last.heading(), last.before(), last.theirs(), ways, last.after()));
            return this;
        }

        List<HowTo> all() {
            return all;
        }
    }
}
