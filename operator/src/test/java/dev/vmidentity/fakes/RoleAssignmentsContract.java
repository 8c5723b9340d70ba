package dev.vmidentity.fakes;

import static dev.vmidentity.fakes.RoleGround.READER;
import static dev.vmidentity.fakes.RoleGround.SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleAssignments.Deleted;
import dev.vmidentity.core.RoleAssignments.Found;
import dev.vmidentity.core.RoleAssignments.Listed;
import dev.vmidentity.core.RoleAssignments.Put;
import dev.vmidentity.core.RoleAssignments.Seen;
import dev.vmidentity.core.RoleScope;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What everybody who implements {@link dev.vmidentity.core.RoleAssignments} owes. */
public abstract class RoleAssignmentsContract {
    private static final String PRINCIPAL = "90cc53e8-4a6e-45b6-8339-516448218ee0";
    private static final RoleScope WHOLE = RoleScope.of("/subscriptions/" + SUBSCRIPTION);
    private static final RoleScope GROUP = RoleScope.of(WHOLE + "/resourceGroups/rg-data");
    private static final RoleScope CONTAINER = RoleScope.of(
            GROUP + "/providers/Microsoft.Storage/storageAccounts/data/blobServices/default/containers/logs");
    private static final GrantName NAME = new GrantName("cluster", "binding");
    private static final Assignment READS = NAME.assignment(PRINCIPAL, READER, GROUP);

    private RoleGround ground;

    protected abstract RoleGround ground();

    @BeforeEach
    void layGround() {
        ground = ground();
    }

    @Test
    void aBuiltInRoleIsFoundByItsNameInAnySpelling() {
        assertThat(ground.roles().find(GROUP, "Reader")).isEqualTo(new Found.Known(READER));
        assertThat(ground.roles().find(WHOLE, "reader")).isEqualTo(new Found.Known(READER));
    }

    @Test
    void aNameThatNoRoleHasIsUnknown() {
        assertThat(ground.roles().find(GROUP, "Reeder")).isInstanceOf(Found.Unknown.class);
        assertThat(ground.roles().find(GROUP, "it's")).isInstanceOf(Found.Unknown.class);
    }

    @Test
    void whatIsMadeIsReadAgainAndListed() {
        assertThat(ground.roles().put(READS, "made by a test")).isInstanceOf(Put.Done.class);

        assertThat(ground.roles().read(GROUP, READS.name())).isEqualTo(new Seen.Present(READS));
        assertThat(ground.roles().list(SUBSCRIPTION, PRINCIPAL)).isEqualTo(new Listed.All(List.of(READS)));
    }

    @Test
    void makingItAgainUnderTheSameNameIsASuccessAndMakesNoSecondOne() {
        assertThat(ground.roles().put(READS, "once")).isInstanceOf(Put.Done.class);
        assertThat(ground.roles().put(READS, "twice")).isInstanceOf(Put.Done.class);

        assertThat(listed()).hasSize(1);
    }

    @Test
    void theSameTripleUnderAnotherNameExistsAndIsNotMadeOurs() {
        Assignment theirs = new GrantName("cluster", "another").assignment(PRINCIPAL, READER, GROUP);
        ground.assignedByOthers(theirs);

        assertThat(ground.roles().put(READS, "")).isInstanceOf(Put.Exists.class);

        assertThat(listed()).containsExactly(theirs);
    }

    @Test
    void theSameRoleInAnotherScopeIsAnotherAssignment() {
        Assignment above = NAME.assignment(PRINCIPAL, READER, WHOLE);
        Assignment below = NAME.assignment(PRINCIPAL, READER, CONTAINER);
        for (Assignment one : new Assignment[] {above, READS, below}) {
            assertThat(ground.roles().put(one, "")).isInstanceOf(Put.Done.class);
        }

        assertThat(listed()).containsExactlyInAnyOrder(above, READS, below);
    }

    @Test
    void aListTellsNoOtherPrincipals() {
        Assignment others = NAME.assignment("11111111-0000-4000-8000-000000000009", READER, GROUP);
        ground.assignedByOthers(others);

        assertThat(listed()).isEmpty();
    }

    @Test
    void aConditionShows() {
        Assignment conditional = new Assignment(GROUP, READS.name(), PRINCIPAL, READER, true);
        ground.assignedByOthers(conditional);

        assertThat(ground.roles().read(GROUP, READS.name())).isEqualTo(new Seen.Present(conditional));
        assertThat(listed()).containsExactly(conditional);
    }

    @Test
    void aScopeInAnotherSpellingIsTheSameScope() {
        ground.roles().put(READS, "");

        RoleScope shouted = RoleScope.of(GROUP.value().toUpperCase(Locale.ROOT));

        assertThat(ground.roles().read(shouted, READS.name())).isEqualTo(new Seen.Present(READS));
    }

    @Test
    void deletingTwiceIsASuccessTwice() {
        ground.roles().put(READS, "");

        assertThat(ground.roles().delete(GROUP, READS.name())).isInstanceOf(Deleted.Gone.class);
        assertThat(ground.roles().delete(GROUP, READS.name())).isInstanceOf(Deleted.Gone.class);
        assertThat(ground.roles().read(GROUP, READS.name())).isInstanceOf(Seen.Absent.class);
        assertThat(listed()).isEmpty();
    }

    @Test
    void aRoleThatDoesNotExistIsAFaultOfItsOwn() {
        Assignment none = NAME.assignment(PRINCIPAL, "00000000-0000-4000-8000-00000000dead", GROUP);

        assertThat(ground.roles().put(none, ""))
                .isInstanceOfSatisfying(
                        Put.Failed.class, failed -> assertThat(failed.fault()).isInstanceOf(Fault.RoleMissing.class));
    }

    @Test
    void aPrincipalThatIsNotKnownYetIsAFaultOfItsOwn() {
        ground.nextPut(new Fault.PrincipalUnknown("Principal does not exist in the directory."));

        assertThat(ground.roles().put(READS, ""))
                .isInstanceOfSatisfying(
                        Put.Failed.class,
                        failed -> assertThat(failed.fault()).isInstanceOf(Fault.PrincipalUnknown.class));
        assertThat(listed()).isEmpty();
    }

    @Test
    void aThrottledWriteTellsAzuresOwnWait() {
        ground.nextPut(new Fault.Throttled(
                Fault.Throttled.Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(9)), "too many"));

        assertThat(ground.roles().put(READS, ""))
                .isInstanceOfSatisfying(
                        Put.Failed.class,
                        failed -> assertThat(failed.fault())
                                .isInstanceOfSatisfying(
                                        Fault.Throttled.class,
                                        fault -> assertThat(fault.retryAfter()).contains(Duration.ofSeconds(9))));
    }

    private List<Assignment> listed() {
        return ((Listed.All) ground.roles().list(SUBSCRIPTION, PRINCIPAL)).assignments();
    }
}
