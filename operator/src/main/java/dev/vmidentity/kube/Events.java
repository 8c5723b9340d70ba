package dev.vmidentity.kube;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says changes as Kubernetes Events, once each. Remembers nothing: what was said before is in the status before, so a
 * restart says nothing again.
 */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final String CONTROLLER = "vmidentity.dev/operator";
    private static final int LONGEST_NOTE = 1_024;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Consumer<Event> server;
    private final String process;
    private final Clock clock;

    /** @param process which process speaks: the pod's name */
    public Events(KubernetesClient client, String process, Clock clock) {
        this(event -> client.events().v1().events().resource(event).create(), process, clock);
    }

    /** @param server creates the Event; may throw what the client does */
    public Events(Consumer<Event> server, String process, Clock clock) {
        this.server = server;
        this.process = process;
        this.clock = clock;
    }

    /** How {@code kubectl get events} marks it. */
    public enum Tone {
        Normal,
        Warning;

        static Tone of(Reason reason) {
            return reason.outlook() == Reason.Outlook.NeedsAPerson ? Warning : Normal;
        }
    }

    /**
     * Says the reason of Ready if it is another one than before. Call it after the status was written.
     *
     * @return whether it is another one
     */
    public boolean readyChanged(HasMetadata about, List<Condition> before, List<Condition> after) {
        var was = ready(before);
        var is = ready(after);
        boolean changed = is != null && (was == null || was.reason() != is.reason());
        if (is != null && changed) {
            say(about, Tone.of(is.reason()), is.reason(), is.message());
        }
        return changed;
    }

    /** Says a condition that has become True, as a warning; nothing when it was so before. */
    public void cameUp(HasMetadata about, ConditionType type, List<Condition> before, List<Condition> after) {
        if (isTrue(type, before).isEmpty()) {
            isTrue(type, after)
                    .ifPresent(condition -> say(about, Tone.Warning, condition.reason(), condition.message()));
        }
    }

    private static Optional<Condition> isTrue(ConditionType type, List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type() == type && condition.status() == ConditionStatus.True)
                .findFirst();
    }

    /**
     * Says it, whatever was said before. An Event that cannot be written is logged and nothing else: it is no part of
     * the work.
     */
    public void say(HasMetadata about, Tone tone, Reason reason, String message) {
        try {
            server.accept(event(about, tone, reason, message));
        } catch (KubernetesClientException e) {
            // In a namespace that is being deleted none can be created, which is as it should be.
            LOG.atLevel(about.getMetadata().getDeletionTimestamp() == null ? Level.WARN : Level.DEBUG)
                    .addKeyValue("object", about.getKind() + " " + name(about))
                    .addKeyValue("reason", reason)
                    .addKeyValue("error", e.getMessage())
                    .log("event not written");
        }
    }

    private Event event(HasMetadata about, Tone tone, Reason reason, String message) {
        var metadata = about.getMetadata();
        // Events of cluster-scoped objects live in the namespace default, where kubectl describe looks for them.
        var namespace = Objects.requireNonNullElse(metadata.getNamespace(), "default");
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(shortened(metadata.getName()) + "-")
                .withNamespace(namespace)
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController(CONTROLLER)
                .withReportingInstance(process)
                .withType(tone.name())
                .withReason(reason.name())
                .withAction("Reconcile")
                .withNote(message.length() <= LONGEST_NOTE ? message : message.substring(0, LONGEST_NOTE))
                .withNewRegarding()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endRegarding()
                .build();
    }

    /** The API server adds a suffix, and a name has at most 253 characters and no {@code .-} in it. */
    private static String shortened(String name) {
        return name.length() <= 230 ? name : name.substring(0, 230).replaceFirst("[.-]+$", "");
    }

    private static String name(HasMetadata about) {
        var metadata = about.getMetadata();
        return metadata.getNamespace() == null
                ? metadata.getName()
                : metadata.getNamespace() + "/" + metadata.getName();
    }

    private static @Nullable Condition ready(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type() == ConditionType.Ready)
                .findFirst()
                .orElse(null);
    }
}
