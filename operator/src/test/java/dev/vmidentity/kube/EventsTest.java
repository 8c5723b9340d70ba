package dev.vmidentity.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.kube.Events.Tone;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private final List<Event> said = new ArrayList<>();
    private final Events events = new Events(said::add, "pod-1", Clock.fixed(NOW, ZoneOffset.UTC));
    private final VmIdentityLedger about = new VmIdentityLedger();

    EventsTest() {
        about.setMetadata(new ObjectMetaBuilder()
                .withName("vm1-0123456789abcdef")
                .withUid("uid")
                .build());
    }

    private static List<Condition> ready(Reason reason, String message) {
        return List.of(new Condition(ConditionType.Ready, ConditionStatus.False, 1L, NOW, reason, message));
    }

    @Test
    void aChangeIsSaidOnce() {
        assertThat(events.readyChanged(about, List.of(), ready(Reason.Attaching, "one")))
                .isTrue();
        assertThat(events.readyChanged(about, ready(Reason.Attaching, "one"), ready(Reason.Attaching, "two")))
                .isFalse();

        assertThat(said).singleElement().satisfies(event -> {
            assertThat(event.getReason()).isEqualTo("Attaching");
            assertThat(event.getNote()).isEqualTo("one");
            assertThat(event.getType()).isEqualTo("Normal");
            assertThat(event.getEventTime().getTime()).isEqualTo("2026-05-01T12:00:00.000000Z");
            assertThat(event.getReportingInstance()).isEqualTo("pod-1");
            assertThat(event.getRegarding().getUid()).isEqualTo("uid");
            assertThat(event.getMetadata().getGenerateName()).isEqualTo("vm1-0123456789abcdef-");
            assertThat(event.getMetadata().getNamespace()).isEqualTo("default");
        });
    }

    @Test
    void whatNeedsAPersonIsAWarning() {
        events.readyChanged(about, List.of(), ready(Reason.Forbidden, "grant it"));

        assertThat(said).extracting(Event::getType).containsExactly("Warning");
    }

    @Test
    void aConditionThatBecomesTrueIsSaidOnceAndAsAWarning() {
        var type = ConditionType.DefaultIdentityChanged;

        events.cameUp(about, type, List.of(), List.of(changed(ConditionStatus.False, "would")));
        events.cameUp(
                about,
                type,
                List.of(changed(ConditionStatus.False, "would")),
                List.of(changed(ConditionStatus.True, "is")));
        events.cameUp(
                about,
                type,
                List.of(changed(ConditionStatus.True, "is")),
                List.of(changed(ConditionStatus.True, "is, in other words")));
        events.cameUp(about, type, List.of(changed(ConditionStatus.True, "is")), List.of());

        assertThat(said).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getReason()).isEqualTo("DefaultIdentityChanged");
            assertThat(event.getNote()).isEqualTo("is");
        });
    }

    private static Condition changed(ConditionStatus status, String message) {
        return new Condition(
                ConditionType.DefaultIdentityChanged, status, 1L, NOW, Reason.DefaultIdentityChanged, message);
    }

    @Test
    void anEventThatCannotBeWrittenHindersNothing() {
        var refused = new Events(
                _ -> {
                    throw new KubernetesClientException("forbidden");
                },
                "pod-1",
                Clock.fixed(NOW, ZoneOffset.UTC));

        assertThatCode(() -> refused.say(about, Tone.Normal, Reason.Deleting, "bye"))
                .doesNotThrowAnyException();
    }
}
