package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleScope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A machine's own identity stays until the roles that were given to it are deleted. */
final class RolesFirstTest {
    private static final RoleScope GROUP =
            RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-data");
    private static final Wish WISH = new Wish(Role.of("Reader"), GROUP, true);
    private static final GrantRecord GIVEN =
            new GrantRecord("a", "team-a", "a", new Recorded("Reader", GROUP, "0b1f6471-1bf0-4dda-aec3-cb9272f09590"));

    private static Contribution binding(String name, boolean deleting, SystemAsk ask) {
        return new Contribution(
                new Holder(name, "team-a", name, Release.DETACH),
                deleting,
                Optional.of(Scene.VM),
                List.of(),
                ask,
                Manner.SHARED,
                Contribution.Guard.NONE,
                true);
    }

    private static Demand ownIdentity(Set<String> rolesToGo, Contribution... contributions) {
        return Gathering.demand(List.of(contributions), Ledger.EMPTY, rolesToGo)
                .wish(IdentityKey.SYSTEM_ASSIGNED)
                .demand();
    }

    @Test
    void ofABindingThatIsBeingDeleted() {
        Contribution leaving = binding("a", true, SystemAsk.ENABLED);

        assertThat(ownIdentity(Set.of(), leaving)).isEqualTo(Demand.UNWANTED);
        assertThat(ownIdentity(Set.of("a"), leaving)).isEqualTo(Demand.KEEP);
    }

    @Test
    void ofABindingThatHasItDisabled() {
        Contribution disabling = binding("a", false, SystemAsk.DISABLED);

        assertThat(ownIdentity(Set.of(), disabling)).isEqualTo(Demand.FORBID);
        assertThat(ownIdentity(Set.of("a"), disabling)).isEqualTo(Demand.KEEP);
        assertThat(ownIdentity(Set.of("b"), disabling)).isEqualTo(Demand.KEEP);
    }

    @Test
    void whatAnotherBindingWantsIsWanted() {
        Contribution leaving = binding("a", true, SystemAsk.ENABLED);

        assertThat(ownIdentity(Set.of("a"), leaving, binding("b", false, SystemAsk.ENABLED)))
                .isEqualTo(Demand.WANT);
    }

    @Test
    void rolesGoThatTheLedgerRemembersOrNobodyHasLookedForYet() {
        Contribution removing = giving(Stance.REMOVE, WISH);
        Ledger remembers = Ledger.EMPTY.remembering(Set.of(GIVEN));

        assertThat(rolesToGo(removing, Ledger.EMPTY, false)).containsExactly("a");
        assertThat(rolesToGo(removing, Ledger.EMPTY, true)).isEmpty();
        assertThat(rolesToGo(removing, remembers, true)).containsExactly("a");
        assertThat(rolesToGo(giving(Stance.REMOVE), remembers, false)).containsExactly("a");
        assertThat(rolesToGo(giving(Stance.REMOVE), Ledger.EMPTY, false)).isEmpty();
        for (Stance stance : List.of(Stance.MAINTAIN, Stance.HOLD, Stance.FORGET)) {
            assertThat(rolesToGo(giving(stance, WISH), remembers, false))
                    .as("%s", stance)
                    .isEmpty();
        }
    }

    private static Contribution giving(Stance stance, Wish... wishes) {
        return binding("a", true, SystemAsk.ENABLED).giving(new Contribution.Roles(stance, List.of(wishes)));
    }

    private static Set<String> rolesToGo(Contribution contribution, Ledger ledger, boolean cleared) {
        return Gathering.rolesToGo(List.of(contribution), ledger, _ -> cleared);
    }
}
