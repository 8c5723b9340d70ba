package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.DB;
import static dev.vmidentity.status.Samples.NOW;
import static dev.vmidentity.status.Samples.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Identities.Identity;
import dev.vmidentity.status.IdentityStatus.Sight;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdentityStatusTest {
    private static final Sight THERE =
            new Sight.There(new Identity(WEB, "client", "principal", "tenant", "westeurope", Map.of()));

    private static UserAssignedIdentityStatus render(
            ArmId pin, Sight sight, Reason reason, @Nullable UserAssignedIdentityStatus previous) {
        return IdentityStatus.render(Optional.of(pin), sight, Explanation.of(reason), Optional.of(2), previous, 5, NOW);
    }

    @Test
    void whatIsThereShowsItsIds() {
        var status = render(WEB, THERE, Reason.Available, null);

        assertThat(status.resourceId()).isEqualTo(WEB.value());
        assertThat(status.clientId()).isEqualTo("client");
        assertThat(status.principalId()).isEqualTo("principal");
        assertThat(status.tenantId()).isEqualTo("tenant");
        assertThat(status.bindings()).isEqualTo(2);
        assertThat(status.observedGeneration()).isEqualTo(5);
    }

    @Test
    void thePinNeverChanges() {
        var before = render(WEB, THERE, Reason.Available, null);

        assertThat(render(DB, new Sight.NotSeen(), Reason.DefaultsChanged, before)
                        .resourceId())
                .isEqualTo(WEB.value());
    }

    @Test
    void whatCannotBeReadKeepsItsIds() {
        var before = render(WEB, THERE, Reason.Available, null);

        var after = render(WEB, new Sight.NotSeen(), Reason.AzureUnreachable, before);

        assertThat(after.clientId()).isEqualTo("client");
    }

    @Test
    void whatIsGoneHasNoIds() {
        var before = render(WEB, THERE, Reason.Available, null);

        var after = render(WEB, new Sight.NotThere(), Reason.Creating, before);

        assertThat(after.clientId()).isNull();
        assertThat(after.principalId()).isNull();
    }
}
