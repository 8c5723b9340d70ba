package dev.vmidentity.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet.Answer;
import dev.vmidentity.core.Fleet.Glance;
import dev.vmidentity.core.Fleet.Sight;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines.Seen;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What everybody who implements {@link dev.vmidentity.core.Fleet} owes, where the inventory is not late. */
public abstract class FleetContract {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final String OTHER = "22222222-2222-4222-8222-222222222222";
    private static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "web");
    private static final Set<MachineKind> BOTH = EnumSet.allOf(MachineKind.class);
    private static final Scopes EVERYWHERE = Scopes.parse("/");

    private Ground ground;

    protected abstract Ground ground();

    @BeforeEach
    void layGround() {
        ground = ground();
        ground.makeIdentity(WEB);
    }

    @AfterEach
    void clearGround() {
        ground.close();
    }

    // ---- by name

    @ParameterizedTest
    @EnumSource
    void aMachineIsSeenAsAReadShowsItButWithoutAnEtag(MachineKind kind) {
        TargetId target = made(kind, "rg-a", "one");
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);

        Observation glanced = of(List.of(target)).getFirst().seen();

        Observation read = read(target);
        assertThat(glanced.etag()).isNull();
        assertThat(glanced.machineId()).isEqualTo(read.machineId());
        assertThat(glanced.userAssigned()).isEqualTo(read.userAssigned()).containsOnlyKeys(IdentityKey.of(WEB));
        assertThat(glanced.systemAssigned()).isEqualTo(read.systemAssigned()).isPresent();
        assertThat(glanced.state()).isEqualTo(MachineState.SETTLED);
        assertThat(glanced.location()).isEqualTo(read.location());
    }

    @Test
    void thoseThatExistAreTold() {
        TargetId there = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "there");
        TargetId gone = named(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-a", "gone");
        TargetId nowhere = named(MachineKind.SCALE_SET, OTHER, "rg-nowhere", "nobody");

        assertThat(of(List.of(there, gone, nowhere))).extracting(Glance::target).containsExactly(there);
    }

    @Test
    void anIdInAnotherSpellingIsTheSameMachine() {
        TargetId target = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "one");
        TargetId shouted = TargetId.of(ArmId.of(target.id().value().toUpperCase(Locale.ROOT)))
                .orElseThrow();

        assertThat(of(List.of(shouted))).extracting(Glance::target).containsExactly(target);
    }

    @Test
    void nobodyAskedForIsNobodyTold() {
        made(MachineKind.VIRTUAL_MACHINE, "rg-a", "one");

        assertThat(of(List.of())).isEmpty();
    }

    @Test
    void manyAreToldToTheLast() {
        List<TargetId> targets = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            targets.add(made(i % 2 == 0 ? MachineKind.VIRTUAL_MACHINE : MachineKind.SCALE_SET, "rg-a", "machine-" + i));
        }

        assertThat(of(targets)).extracting(Glance::target).containsExactlyInAnyOrderElementsOf(targets);
        assertThat(matching(EVERYWHERE, Map.of()))
                .extracting(Glance::target)
                .containsExactlyInAnyOrderElementsOf(targets);
    }

    // ---- by what they are

    @ParameterizedTest
    @EnumSource
    void onlyTheKindsAskedForMatch(MachineKind kind) {
        TargetId target = made(kind, "rg-a", "one");
        made(other(kind), "rg-a", "one");

        assertThat(whole(ground.fleet().matching(EnumSet.of(kind), EVERYWHERE, Map.of())))
                .extracting(Glance::target)
                .containsExactly(target);
        assertThat(whole(ground.fleet().matching(Set.of(), EVERYWHERE, Map.of())))
                .isEmpty();
    }

    @Test
    void aScopeIsASubscriptionAGroupOrAMachine() {
        TargetId one = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "one");
        TargetId two = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "two");
        TargetId near = made(MachineKind.VIRTUAL_MACHINE, "rg-ab", "one");
        TargetId far = named(MachineKind.VIRTUAL_MACHINE, OTHER, "rg-a", "one");
        ground.makeMachine(far);
        String subscription = "/subscriptions/" + SUBSCRIPTION;

        assertThat(within(subscription)).containsExactlyInAnyOrder(one, two, near);
        assertThat(within(subscription + "/resourceGroups/RG-A")).containsExactlyInAnyOrder(one, two);
        assertThat(within(two.id().value())).containsExactly(two);
        assertThat(within(subscription + "/resourceGroups/rg-ab", "/subscriptions/" + OTHER))
                .containsExactlyInAnyOrder(near, far);
        assertThat(within(subscription + "/resourceGroups/rg-a/providers/Microsoft.Compute"))
                .containsExactlyInAnyOrder(one, two);
        assertThat(within("/")).containsExactlyInAnyOrder(one, two, near, far);
    }

    @Test
    void noScopeIsNoMachine() {
        made(MachineKind.VIRTUAL_MACHINE, "rg-a", "one");

        assertThat(matching(Scopes.NONE, Map.of())).isEmpty();
        assertThat(within("/subscriptions/" + SUBSCRIPTION + "/resourceGroups/it's'--\\"))
                .isEmpty();
    }

    @Test
    void everyTagMustBeThereItsNameWithoutCaseItsValueWithIt() {
        TargetId target = tagged("one", Map.of("Env", "prod", "team", "a"));
        tagged("two", Map.of("Env", "Prod", "team", "a"));
        tagged("three", Map.of("Env", "production", "team", "a"));
        tagged("four", Map.of("environment", "prod", "team", "a"));
        tagged("five", Map.of("Env", "prod"));
        tagged("six", Map.of("team", "prod", "Env", "a"));
        made(MachineKind.VIRTUAL_MACHINE, "rg-a", "bare");

        assertThat(matching(EVERYWHERE, Map.of("eNV", "prod", "TEAM", "a")))
                .extracting(Glance::target)
                .containsExactly(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's",
                "a\"b",
                "back\\slash",
                "\\",
                "'; drop",
                "') or ('' == '",
                "[x]",
                "{\"k\":\"v\"}",
                "a | take 1",
                "// comment",
                "https://example.org/a?b=c&d",
                "straße",
                "多",
                "tab\tand space",
                ""
            })
    void whateverIsInATagIsComparedAsItIs(String value) {
        TargetId target = tagged("one", Map.of("note", value));
        tagged("two", Map.of("note", value + "x"));
        tagged("three", Map.of("other", value));

        List<Glance> found = matching(EVERYWHERE, Map.of("Note", value));

        assertThat(found).extracting(Glance::target).containsExactly(target);
        assertThat(found.getFirst().tags()).containsEntry("note", value);
    }

    @Test
    void aTagMayHaveAnyName() {
        String name = "it's [a] \"name\" | x";
        TargetId target = tagged("one", Map.of(name, "v"));
        tagged("two", Map.of("plain", "v"));

        assertThat(matching(EVERYWHERE, Map.of(name.toUpperCase(Locale.ROOT), "v")))
                .extracting(Glance::target)
                .containsExactly(target);
    }

    // ---- who else looks after them

    @Test
    void anInstanceIsManagedByItsScaleSet() {
        TargetId set = made(MachineKind.SCALE_SET, "rg-a", "set");
        TargetId instance = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "set_1");
        ground.makeInstance(instance, set);

        assertThat(of(List.of(instance)).getFirst().managedBy())
                .hasValueSatisfying(
                        by -> assertThat(by).isEqualToIgnoringCase(set.id().value()));
        assertThat(of(List.of(set)).getFirst().managedBy()).isEmpty();
        assertThat(present(ground.fleet().look(instance)).managedBy()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void aNodeOfAksIsManagedByItsPool(MachineKind kind) {
        TargetId node = made(kind, "rg-a", "node");
        ground.tag(node, Map.of("aks-managed-poolName", "np1"));

        assertThat(of(List.of(node)).getFirst().managedBy()).contains("AKS node pool np1");
        assertThat(present(ground.fleet().look(node)).managedBy()).contains("AKS node pool np1");
    }

    // ---- what goes wrong

    @Test
    void aRefusedQuestionIsAFailureAndNotAnEmptyAnswer() {
        TargetId target = made(MachineKind.VIRTUAL_MACHINE, "rg-a", "one");
        Fault slower = new Fault.Throttled(
                Fault.Throttled.Scope.RESOURCE_GRAPH, Optional.of(Duration.ofSeconds(7)), "slow down");

        ground.nextQuestion(slower);
        assertThat(ground.fleet().of(List.of(target))).isEqualTo(new Answer.Failed(slower));

        ground.nextQuestion(slower);
        assertThat(ground.fleet().matching(BOTH, EVERYWHERE, Map.of())).isEqualTo(new Answer.Failed(slower));
        assertThat(of(List.of(target))).hasSize(1);
    }

    // ---- one

    @ParameterizedTest
    @EnumSource
    void aLookIsAReadWithTags(MachineKind kind) {
        TargetId target = made(kind, "rg-a", "one");
        ground.tag(target, Map.of("Env", "prod"));

        Glance seen = present(ground.fleet().look(target));

        assertThat(seen.tags()).containsExactly(Map.entry("Env", "prod"));
        assertThat(seen.seen().etag()).isEqualTo(read(target).etag());
    }

    @ParameterizedTest
    @EnumSource
    void aLookAtNobodyAndARefusedOneAreToldApart(MachineKind kind) {
        TargetId target = named(kind, SUBSCRIPTION, "rg-a", "nobody");
        assertThat(ground.fleet().look(target)).isEqualTo(new Sight.Absent());

        Fault unwell = new Fault.AzureUnwell(503, "ServiceUnavailable", "later");
        ground.nextRead(unwell);

        assertThat(ground.fleet().look(target)).isEqualTo(new Sight.Failed(unwell));
    }

    // ---- words

    private TargetId made(MachineKind kind, String group, String name) {
        TargetId target = named(kind, SUBSCRIPTION, group, name);
        ground.makeMachine(target);
        return target;
    }

    private TargetId tagged(String name, Map<String, String> tags) {
        TargetId target = made(MachineKind.VIRTUAL_MACHINE, "rg-a", name);
        ground.tag(target, tags);
        return target;
    }

    private static TargetId named(MachineKind kind, String subscription, String group, String name) {
        return TargetId.of(kind, subscription, group, name);
    }

    private static MachineKind other(MachineKind kind) {
        return switch (kind) {
            case VIRTUAL_MACHINE -> MachineKind.SCALE_SET;
            case SCALE_SET -> MachineKind.VIRTUAL_MACHINE;
        };
    }

    private List<TargetId> within(String... scopes) {
        return matching(Scopes.parse(String.join(",", scopes)), Map.of()).stream()
                .map(Glance::target)
                .toList();
    }

    private List<Glance> matching(Scopes scopes, Map<String, String> tags) {
        return whole(ground.fleet().matching(BOTH, scopes, tags));
    }

    private List<Glance> of(List<TargetId> targets) {
        return whole(ground.fleet().of(targets));
    }

    private Observation read(TargetId target) {
        return ((Seen.Present) ground.machines().read(target)).observation();
    }

    private static Glance present(Sight sight) {
        assertThat(sight).isInstanceOf(Sight.Present.class);
        return ((Sight.Present) sight).glance();
    }

    private static List<Glance> whole(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Whole.class);
        return ((Answer.Whole) answer).machines();
    }
}
