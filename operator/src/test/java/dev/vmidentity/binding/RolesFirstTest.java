package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Release;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A machine's own identity stays until the roles that were given to it are deleted. */
final class RolesFirstTest {
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

    private static Demand ownIdentity(Contribution... contributions) {
        return Gathering.demand(List.of(contributions), Ledger.EMPTY)
                .wish(IdentityKey.SYSTEM_ASSIGNED)
                .demand();
    }

    @Test
    void ofABindingThatIsBeingDeleted() {
        Contribution leaving = binding("a", true, SystemAsk.ENABLED);

        assertThat(ownIdentity(leaving)).isEqualTo(Demand.UNWANTED);
        assertThat(ownIdentity(leaving.keepingPrincipal(true))).isEqualTo(Demand.KEEP);
    }

    @Test
    void ofABindingThatHasItDisabled() {
        Contribution disabling = binding("a", false, SystemAsk.DISABLED);

        assertThat(ownIdentity(disabling)).isEqualTo(Demand.FORBID);
        assertThat(ownIdentity(disabling.keepingPrincipal(true))).isEqualTo(Demand.KEEP);
    }

    @Test
    void ofABindingThatHasMovedOn() {
        Contribution moved = Contribution.leaving(new Holder("a", "team-a", "a", Release.DETACH), Scene.VM);

        assertThat(ownIdentity(moved)).isEqualTo(Demand.KEEP);
        assertThat(ownIdentity(moved, binding("b", false, SystemAsk.DISABLED))).isEqualTo(Demand.KEEP);
    }

    @Test
    void whatAnotherBindingWantsIsWanted() {
        Contribution leaving = binding("a", true, SystemAsk.ENABLED).keepingPrincipal(true);

        assertThat(ownIdentity(leaving, binding("b", false, SystemAsk.ENABLED))).isEqualTo(Demand.WANT);
    }
}
