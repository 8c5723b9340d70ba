package dev.vmidentity.binding;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.StatusWriter;
import dev.vmidentity.status.RetainedText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the status of bindings, and says as Events what of it is news. */
final class Reporter {
    private final StatusWriter writer;
    private final Events events;

    Reporter(StatusWriter writer, Events events) {
        this.writer = writer;
        this.events = events;
    }

    /** The status as it is to our best knowledge; null when there is none. */
    @Nullable
    VmIdentityBindingStatus current(VmIdentityBinding binding) {
        return writer.current(binding);
    }

    /** Whether that status is about the spec as it is now. */
    static boolean speaksOf(@Nullable VmIdentityBindingStatus status, VmIdentityBinding binding) {
        return status != null
                && Objects.equals(
                        status.observedGeneration(), binding.getMetadata().getGeneration());
    }

    void report(VmIdentityBinding binding, VmIdentityBindingStatus status) {
        VmIdentityBindingStatus before = writer.current(binding);
        if (writer.write(binding, status)) {
            List<Condition> were = before == null ? List.of() : before.conditions();
            if (!isFirstGlance(status)) {
                events.readyChanged(binding, were, status.conditions());
            }
            events.cameUp(binding, ConditionType.DefaultIdentityChanged, were, status.conditions());
        }
    }

    /** That it is about to look is no news. */
    private static boolean isFirstGlance(VmIdentityBindingStatus status) {
        return status.conditions().stream().anyMatch(condition -> condition.reason() == Reason.Observing);
    }

    /** Says that what the binding put on those machines stays there. */
    void retained(VmIdentityBinding binding, List<TargetId> machines) {
        events.say(binding, Events.Tone.Normal, Reason.Retained, RetainedText.on(machines));
    }

    /** The binding is released; says what stays if something does. */
    void released(VmIdentityBinding binding, boolean retaining) {
        if (retaining) {
            events.say(binding, Events.Tone.Normal, Reason.Retained, RetainedText.everywhere());
        }
        writer.forget(binding.getMetadata().getUid());
    }
}
