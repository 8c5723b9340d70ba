package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.core.util.FluxUtil;
import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineUpdateInner;
import com.azure.resourcemanager.compute.models.ResourceIdentityType;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentity;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentityUserAssignedIdentities;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetIdentity;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetUpdate;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Virtual machines and scale sets over the SDK's inner clients. */
final class ArmMachines implements Machines {
    private static final Logger LOG = LoggerFactory.getLogger(ArmMachines.class);
    private static final HttpHeaderName OPERATION = HttpHeaderName.fromString("Azure-AsyncOperation");

    private final Arm arm;

    ArmMachines(Arm arm) {
        this.arm = arm;
    }

    @Override
    public Seen read(TargetId target) {
        Instant leaves = arm.now();
        return switch (arm.read(get(target, leaves))) {
            case Arm.Answer.Good<MachineReading>(int status, HttpHeaders _, MachineReading reading) ->
                switch (reading) {
                    case MachineReading.Understood(Observation observation) -> new Seen.Present(observation);
                    case MachineReading.NotUnderstood(String why) -> new Seen.Failed(strange(status, why));
                };
            case Arm.Answer.Refusal<MachineReading>(ArmError error) ->
                ArmErrors.absence(error)
                        .<Seen>map(groupToo -> new Seen.Absent(groupToo, error.detail()))
                        .orElseGet(() -> new Seen.Failed(ArmErrors.fault(error, Subject.MACHINE)));
            case Arm.Answer.None<MachineReading>(Fault fault) -> new Seen.Failed(fault);
        };
    }

    @Override
    public Patched patch(TargetId target, Patch patch) {
        Instant leaves = arm.now();
        return switch (arm.once(update(target, patch))) {
            case Arm.Answer.Good<byte[]>(int status, HttpHeaders headers, byte[] body) ->
                accepted(target, status, headers, body, leaves);
            case Arm.Answer.Refusal<byte[]>(ArmError error)
            when error.status() == 412 -> new Patched.PreconditionFailed(error.detail());
            case Arm.Answer.Refusal<byte[]>(ArmError error) ->
                new Patched.Rejected(ArmErrors.fault(error, Subject.MACHINE));
            case Arm.Answer.None<byte[]>(Fault fault) -> new Patched.Rejected(fault);
        };
    }

    @Override
    public Progress poll(Operation operation) {
        if (!arm.isOurs(operation.url())) {
            return new Progress.Unknown(
                    new Fault.Unexpected(0, "", "the operation's URL is not the resource manager's"));
        }
        return switch (arm.get(operation.url())) {
            case Arm.Answer.Good<String>(int status, HttpHeaders headers, String body) ->
                OperationStatus.read(status, body, arm.retryAfter(headers));
            case Arm.Answer.Refusal<String>(ArmError error) ->
                new Progress.Unknown(
                        error.status() == 404
                                ? new Fault.Unexpected(404, error.code(), error.detail())
                                : ArmErrors.fault(error, Subject.MACHINE));
            case Arm.Answer.None<String>(Fault fault) -> new Progress.Unknown(fault);
        };
    }

    // ---- requests

    private Mono<Response<MachineReading>> get(TargetId target, Instant leaves) {
        var client = arm.compute(target.id().subscriptionId());
        String group = target.id().resourceGroup();
        return switch (target.kind()) {
            case VIRTUAL_MACHINE ->
                client.getVirtualMachines()
                        .getByResourceGroupWithResponseAsync(group, target.name(), null)
                        .map(answer -> with(answer, MachineReading.of(target, answer.getValue(), leaves)));
            case SCALE_SET ->
                client.getVirtualMachineScaleSets()
                        .getByResourceGroupWithResponseAsync(group, target.name(), null)
                        .map(answer -> with(answer, MachineReading.of(target, answer.getValue(), leaves)));
        };
    }

    /** The body is taken as bytes here: after a write, not to understand an answer must not look like no effect. */
    private Mono<Response<byte[]>> update(TargetId target, Patch patch) {
        var client = arm.compute(target.id().subscriptionId());
        String group = target.id().resourceGroup();
        Mono<Response<Flux<ByteBuffer>>> request = switch (target.kind()) {
            case VIRTUAL_MACHINE ->
                client.getVirtualMachines()
                        .updateWithResponseAsync(
                                group,
                                target.name(),
                                new VirtualMachineUpdateInner()
                                        .withIdentity(new VirtualMachineIdentity()
                                                .withType(type(patch.type()))
                                                .withUserAssignedIdentities(changes(patch))),
                                patch.ifMatch(),
                                null);
            case SCALE_SET ->
                client.getVirtualMachineScaleSets()
                        .updateWithResponseAsync(
                                group,
                                target.name(),
                                new VirtualMachineScaleSetUpdate()
                                        .withIdentity(new VirtualMachineScaleSetIdentity()
                                                .withType(type(patch.type()))
                                                .withUserAssignedIdentities(changes(patch))),
                                patch.ifMatch(),
                                null);
        };
        return request.flatMap(answer ->
                FluxUtil.collectBytesInByteBufferStream(answer.getValue()).map(body -> with(answer, body)));
    }

    /**
     * Only what changes: {@code {}} adds, {@code null} removes. Null itself, and not in the request, when nothing
     * does; and when the type takes all away, which Azure does not accept together with a list.
     */
    private static @Nullable Map<String, @Nullable VirtualMachineIdentityUserAssignedIdentities> changes(Patch patch) {
        boolean user =
                patch.type() == IdentityType.USER_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        if (patch.add().isEmpty() && (patch.remove().isEmpty() || !user)) {
            return null;
        }
        Map<String, @Nullable VirtualMachineIdentityUserAssignedIdentities> changes = new LinkedHashMap<>();
        for (ArmId id : patch.remove()) {
            changes.put(id.value(), null);
        }
        for (ArmId id : patch.add()) {
            changes.put(id.value(), new VirtualMachineIdentityUserAssignedIdentities());
        }
        return changes;
    }

    private static ResourceIdentityType type(IdentityType type) {
        return switch (type) {
            case NONE -> ResourceIdentityType.NONE;
            case SYSTEM_ASSIGNED -> ResourceIdentityType.SYSTEM_ASSIGNED;
            case USER_ASSIGNED -> ResourceIdentityType.USER_ASSIGNED;
            case SYSTEM_AND_USER_ASSIGNED -> ResourceIdentityType.SYSTEM_ASSIGNED_USER_ASSIGNED;
        };
    }

    // ---- answers

    private Patched accepted(TargetId target, int status, HttpHeaders headers, byte[] body, Instant leaves) {
        if (status != 200) {
            return new Patched.Rejected(strange(status, "neither 200 nor an error"));
        }
        MachineReading reading;
        try (JsonReader json = JsonProviders.createReader(body)) {
            reading = switch (target.kind()) {
                case VIRTUAL_MACHINE -> MachineReading.of(target, VirtualMachineInner.fromJson(json), leaves);
                case SCALE_SET -> MachineReading.of(target, VirtualMachineScaleSetInner.fromJson(json), leaves);
            };
        } catch (IOException | RuntimeException e) {
            return new Patched.Rejected(new Fault.Unreachable("the answer cannot be read: " + e.getMessage()));
        }
        return switch (reading) {
            case MachineReading.Understood(Observation after) ->
                new Patched.Accepted(after, operation(arm, target, headers), arm.retryAfter(headers));
            case MachineReading.NotUnderstood(String why) -> new Patched.Rejected(strange(status, why));
        };
    }

    /** The handle to what a request began; empty when Azure gave none that may be asked. */
    static Optional<Operation> operation(Arm arm, TargetId target, HttpHeaders headers) {
        String url = headers.getValue(OPERATION);
        if (url == null) {
            return Optional.empty();
        }
        if (!arm.isOurs(url)) {
            LOG.atWarn()
                    .addKeyValue("target", target)
                    .log("an operation's URL is not the resource manager's: not polled");
            return Optional.empty();
        }
        return Optional.of(new Operation(target, url));
    }

    private static Fault strange(int status, String why) {
        return new Fault.Unexpected(status, "", why);
    }

    private static <A, B> Response<B> with(Response<A> answer, B value) {
        return new SimpleResponse<>(answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), value);
    }
}
