package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.core.util.FluxUtil;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetVMInner;
import com.azure.resourcemanager.compute.models.OrchestrationMode;
import com.azure.resourcemanager.compute.models.UpgradeMode;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetVMInstanceRequiredIDs;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.TargetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Instances of scale sets over the SDK's inner clients. */
final class ArmInstances implements Instances {
    /** A scale set has at most a thousand instances, and a page many; this only bounds a list that leads in circles. */
    private static final int MOST_PAGES = 1_000;

    private final Arm arm;

    ArmInstances(Arm arm) {
        this.arm = arm;
    }

    @Override
    public Listed list(TargetId scaleSet) {
        var client = arm.compute(scaleSet.id().subscriptionId());
        var model = arm.read(client.getVirtualMachineScaleSets()
                .getByResourceGroupWithResponseAsync(scaleSet.id().resourceGroup(), scaleSet.name(), null));
        return switch (model) {
            case Arm.Answer.Good<VirtualMachineScaleSetInner>(int status, HttpHeaders _, var set) ->
                OrchestrationMode.FLEXIBLE.equals(set.orchestrationMode())
                        ? new Listed.Flexible()
                        : policy(set)
                                .map(policy -> instances(scaleSet, policy))
                                .orElseGet(() -> new Listed.Failed(
                                        new Fault.Unexpected(status, "", "the upgrade policy is not a known one")));
            case Arm.Answer.Refusal<VirtualMachineScaleSetInner>(ArmError error) ->
                new Listed.Failed(ArmErrors.fault(error, Subject.MACHINE));
            case Arm.Answer.None<VirtualMachineScaleSetInner>(Fault fault) -> new Listed.Failed(fault);
        };
    }

    private static Optional<Policy> policy(VirtualMachineScaleSetInner set) {
        UpgradeMode mode =
                set.upgradePolicy() == null ? null : set.upgradePolicy().mode();
        return Optional.ofNullable(mode).map(known -> switch (known) {
            case MANUAL -> Policy.MANUAL;
            case AUTOMATIC -> Policy.AUTOMATIC;
            case ROLLING -> Policy.ROLLING;
        });
    }

    private Listed instances(TargetId scaleSet, Policy policy) {
        PagedFlux<VirtualMachineScaleSetVMInner> all = arm.compute(scaleSet.id().subscriptionId())
                .getVirtualMachineScaleSetVMs()
                .listAsync(scaleSet.id().resourceGroup(), scaleSet.name());
        List<VirtualMachineScaleSetVMInner> listed = new ArrayList<>();
        String next = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            switch (arm.read(page(all, next))) {
                case Arm.Answer.Good<Page>(int _, HttpHeaders _, Page page) -> {
                    listed.addAll(page.instances());
                    next = page.next();
                }
                case Arm.Answer.Refusal<Page>(ArmError error) -> {
                    return new Listed.Failed(ArmErrors.fault(error, Subject.MACHINE));
                }
                case Arm.Answer.None<Page>(Fault fault) -> {
                    return new Listed.Failed(fault);
                }
            }
            if (next == null) {
                return whole(policy, listed);
            }
            if (!arm.isOurs(next)) {
                return new Listed.Failed(new Fault.Unexpected(200, "", "the next page is not the resource manager's"));
            }
        }
        return new Listed.Failed(new Fault.Unexpected(200, "", "the list of instances has no end"));
    }

    /** One page of a list. */
    private record Page(
            List<VirtualMachineScaleSetVMInner> instances,
            @Nullable String next) {}

    /** One at a time: where the next one is to be asked for has to be looked at first, since the token goes there. */
    private static Mono<Response<Page>> page(PagedFlux<VirtualMachineScaleSetVMInner> all, @Nullable String at) {
        Mono<PagedResponse<VirtualMachineScaleSetVMInner>> page = (at == null ? all.byPage() : all.byPage(at)).next();
        return page.map(answer -> new SimpleResponse<>(
                answer.getRequest(),
                answer.getStatusCode(),
                answer.getHeaders(),
                new Page(answer.getValue(), answer.getContinuationToken())));
    }

    private static Listed whole(Policy policy, List<VirtualMachineScaleSetVMInner> listed) {
        int total = 0;
        List<String> behind = new ArrayList<>();
        for (VirtualMachineScaleSetVMInner instance : listed) {
            if ("Deleting".equals(instance.provisioningState())) {
                continue;
            }
            if (instance.instanceId() == null || instance.latestModelApplied() == null) {
                return new Listed.Failed(
                        new Fault.Unexpected(200, "", "an instance does not tell whether it is on the latest model"));
            }
            total++;
            if (!instance.latestModelApplied()) {
                behind.add(instance.instanceId());
            }
        }
        return new Listed.Whole(policy, total, behind);
    }

    @Override
    public Upgraded upgrade(TargetId scaleSet, List<String> instances) {
        var request = arm.compute(scaleSet.id().subscriptionId())
                .getVirtualMachineScaleSets()
                .updateInstancesWithResponseAsync(
                        scaleSet.id().resourceGroup(),
                        scaleSet.name(),
                        new VirtualMachineScaleSetVMInstanceRequiredIDs().withInstanceIds(instances));
        Mono<Response<byte[]>> whole =
                request.flatMap(answer -> FluxUtil.collectBytesInByteBufferStream(answer.getValue())
                        .map(body -> new SimpleResponse<>(
                                answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), body)));
        return switch (arm.once(whole)) {
            case Arm.Answer.Good<byte[]>(int _, HttpHeaders headers, byte[] _) ->
                new Upgraded.Accepted(ArmMachines.operation(arm, scaleSet, headers), arm.retryAfter(headers));
            case Arm.Answer.Refusal<byte[]>(ArmError error) ->
                new Upgraded.Rejected(ArmErrors.fault(error, Subject.MACHINE));
            case Arm.Answer.None<byte[]>(Fault fault) -> new Upgraded.Rejected(fault);
        };
    }
}
