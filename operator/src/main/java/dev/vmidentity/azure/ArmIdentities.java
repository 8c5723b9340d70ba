package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.resourcemanager.msi.fluent.UserAssignedIdentitiesClient;
import com.azure.resourcemanager.msi.fluent.models.IdentityInner;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** User-assigned identities over the SDK's inner client. */
final class ArmIdentities implements Identities {
    private final Arm arm;

    ArmIdentities(Arm arm) {
        this.arm = arm;
    }

    @Override
    public Seen read(ArmId id) {
        return switch (arm.read(client(id).getByResourceGroupWithResponseAsync(id.resourceGroup(), id.name()))) {
            case Arm.Answer.Good<IdentityInner>(int status, HttpHeaders _, IdentityInner found) -> seen(status, found);
            case Arm.Answer.Refusal<IdentityInner>(ArmError error) ->
                ArmErrors.absence(error)
                        .<Seen>map(groupToo -> new Seen.Absent(groupToo, error.detail()))
                        .orElseGet(() -> new Seen.Failed(ArmErrors.fault(error, Subject.IDENTITY)));
            case Arm.Answer.None<IdentityInner>(Fault fault) -> new Seen.Failed(fault);
        };
    }

    /** One attempt: after a second one, 200 would not say whose the identity is. */
    @Override
    public Seen put(ArmId id, String location, Map<String, String> tags) {
        IdentityInner goal = new IdentityInner().withLocation(location).withTags(new LinkedHashMap<>(tags));
        return switch (arm.once(client(id).createOrUpdateWithResponseAsync(id.resourceGroup(), id.name(), goal))) {
            case Arm.Answer.Good<IdentityInner>(int status, HttpHeaders _, IdentityInner made) -> seen(status, made);
            case Arm.Answer.Refusal<IdentityInner>(ArmError error) ->
                new Seen.Failed(ArmErrors.fault(error, Subject.IDENTITY));
            case Arm.Answer.None<IdentityInner>(Fault fault) -> new Seen.Failed(fault);
        };
    }

    @Override
    public Deleted delete(ArmId id) {
        Mono<Response<String>> request = client(id)
                .deleteWithResponseAsync(id.resourceGroup(), id.name())
                .map(answer ->
                        new SimpleResponse<>(answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), ""));
        return switch (arm.once(request)) {
            case Arm.Answer.Good<String> _ -> new Deleted.Gone();
            case Arm.Answer.Refusal<String>(ArmError error)
            when ArmErrors.absence(error).isPresent() -> new Deleted.Gone();
            case Arm.Answer.Refusal<String>(ArmError error) ->
                new Deleted.Failed(ArmErrors.fault(error, Subject.IDENTITY));
            case Arm.Answer.None<String>(Fault fault) -> new Deleted.Failed(fault);
        };
    }

    private UserAssignedIdentitiesClient client(ArmId id) {
        return arm.identity(id.subscriptionId()).getUserAssignedIdentities();
    }

    private static Seen seen(int status, @Nullable IdentityInner inner) {
        if (inner == null) {
            return new Seen.Failed(new Fault.Unexpected(status, "", "the answer was empty"));
        }
        Optional<ArmId> id = Optional.ofNullable(inner.id()).flatMap(ArmId::parse);
        UUID clientId = inner.clientId();
        UUID principalId = inner.principalId();
        UUID tenantId = inner.tenantId();
        if (id.isEmpty() || clientId == null || principalId == null || tenantId == null) {
            return new Seen.Failed(new Fault.Unexpected(status, "", "the identity's ids are missing in the answer"));
        }
        String location = inner.location();
        Map<String, String> tags = inner.tags();
        return new Seen.Present(
                new Identity(
                        id.get(),
                        clientId.toString(),
                        principalId.toString(),
                        tenantId.toString(),
                        location == null ? "" : location,
                        tags == null ? Map.of() : tags),
                status == 201);
    }
}
