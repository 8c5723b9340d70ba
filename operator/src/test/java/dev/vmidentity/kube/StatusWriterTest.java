package dev.vmidentity.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentitySpec;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
    private final List<CustomResource<?, ?>> applied = new ArrayList<>();
    private @Nullable String answer = "5";
    private final StatusWriter writer = new StatusWriter(fresh -> {
        applied.add(fresh);
        return answer;
    });

    private static UserAssignedIdentityStatus status(int bindings) {
        return new UserAssignedIdentityStatus(1L, null, null, null, null, bindings, List.of());
    }

    private static UserAssignedIdentity cached(String version, @Nullable UserAssignedIdentityStatus status) {
        var object = new UserAssignedIdentity();
        object.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withNamespace("team-a")
                .withUid("uid")
                .withResourceVersion(version)
                .addToLabels("l", "v")
                .build());
        object.setSpec(new UserAssignedIdentitySpec(
                null, null, "rg", "westeurope", Map.of(), ManagementPolicy.Manage, IdentityDeletionPolicy.Delete));
        object.setStatus(status);
        return object;
    }

    @Test
    void anEqualStatusIsNotWritten() {
        assertThat(writer.write(cached("1", status(1)), status(1))).isFalse();
        assertThat(applied).isEmpty();
    }

    @Test
    void aFreshObjectOfNameUidAndStatusIsApplied() {
        assertThat(writer.write(cached("1", null), status(1))).isTrue();

        assertThat(applied).singleElement().satisfies(fresh -> {
            assertThat(fresh).isInstanceOf(UserAssignedIdentity.class);
            assertThat(fresh.getMetadata())
                    .isEqualTo(new ObjectMetaBuilder()
                            .withName("web")
                            .withNamespace("team-a")
                            .withUid("uid")
                            .build());
            assertThat(fresh.getSpec()).isNull();
            assertThat(fresh.getStatus()).isEqualTo(status(1));
        });
    }

    @Test
    void whatWasWrittenLastCountsWhileTheCacheLags() {
        var lagging = cached("1", null);
        writer.write(lagging, status(1));

        assertThat(writer.write(lagging, status(1))).isFalse();
        assertThat(writer.current(lagging)).isEqualTo(status(1));
    }

    @Test
    void whatOthersWroteAfterwardsIsWrittenOver() {
        writer.write(cached("1", null), status(1));

        assertThat(writer.write(cached("6", status(9)), status(1))).isTrue();
    }

    @Test
    void whatIsGoneIsForgotten() {
        writer.write(cached("1", null), status(1));
        answer = null;

        assertThat(writer.write(cached("1", null), status(2))).isFalse();
        assertThat(writer.current(cached("1", null))).isNull();
    }
}
