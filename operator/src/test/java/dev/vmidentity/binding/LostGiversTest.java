package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.RoleScope;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose roles are deleted for them: of a binding that the cache and the API server both do not know. */
class LostGiversTest {
    private static final GrantRecord GIVEN = new GrantRecord(
            "uid-web",
            "team-a",
            "web",
            new Recorded(
                    "Reader",
                    RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-data"),
                    "0b1f6471-1bf0-4dda-aec3-cb9272f09590"));

    private final Set<String> cached = new HashSet<>();
    private Optional<List<Contribution>> listed = Optional.of(List.of());
    private int orphans = 1;
    private int lists;
    private Optional<Instant> word = Optional.empty();
    private final Scene.HandClock clock = new Scene.HandClock();
    private final LostGivers givers = new LostGivers(
            Scene.VM,
            _ -> {
                lists++;
                return listed;
            },
            new Brake(10, cached::contains, () -> orphans, clock));

    private Set<String> look() {
        givers.begin();
        Ledger ledger = Ledger.EMPTY.remembering(Set.of(GIVEN));
        var found = new Ledgers.Found.Ours(ledger, new Ledgers.Version("uid", "1"), false, word);
        Sheet sheet = Sheet.on(found, List.of(), _ -> false);
        givers.look(sheet);
        givers.look(sheet);
        return givers.gone();
    }

    @Test
    void oneThatNobodyKnowsIsGone() {
        assertThat(look()).containsExactly("uid-web");
        assertThat(lists).isEqualTo(1);

        assertThat(look()).containsExactly("uid-web");
        assertThat(lists).as("it was asked before").isEqualTo(1);
    }

    @Test
    void oneThatIsKnownAndAboutAnotherMachineByNowIsNotGone() {
        cached.add("uid-web");

        assertThat(look()).isEmpty();
    }

    @Test
    void whileBindingsCannotBeListedNobodyIsGoneAndARoundAsksOnce() {
        listed = Optional.empty();

        assertThat(look()).isEmpty();
        assertThat(lists).isEqualTo(1);

        listed = Optional.of(List.of());
        assertThat(look()).containsExactly("uid-web");
    }

    @Test
    void whenTooManyAreGoneTheRolesStayUntilAPersonSaysSo() {
        orphans = 11;

        assertThat(look()).isEmpty();
        assertThat(givers.isHeld()).isTrue();

        word = Optional.of(clock.instant());
        assertThat(look()).containsExactly("uid-web");
        assertThat(givers.isHeld()).isFalse();
    }
}
