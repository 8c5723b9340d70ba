package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.resourcemanager.authorization.fluent.RoleAssignmentsClient;
import com.azure.resourcemanager.authorization.fluent.models.RoleAssignmentInner;
import com.azure.resourcemanager.authorization.fluent.models.RoleDefinitionInner;
import com.azure.resourcemanager.authorization.models.PrincipalType;
import com.azure.resourcemanager.authorization.models.RoleAssignmentCreateParameters;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Role assignments over the SDK's inner client. */
final class ArmRoleAssignments implements RoleAssignments {
    private static final String DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/";
    private static final String BUILT_IN = "BuiltInRole";

    private final Arm arm;

    ArmRoleAssignments(Arm arm) {
        this.arm = arm;
    }

    @Override
    public Found find(RoleScope scope, String roleName) {
        String filter = "roleName eq '" + roleName.replace("'", "''") + "'";
        return switch (arm.read(all(arm.authorization().getRoleDefinitions().listAsync(path(scope), filter)))) {
            case Arm.Answer.Good<List<RoleDefinitionInner>>(int _, HttpHeaders _, List<RoleDefinitionInner> found) ->
                found.stream()
                        .filter(role -> BUILT_IN.equalsIgnoreCase(role.roleType())
                                && roleName.equalsIgnoreCase(role.roleName()))
                        .flatMap(role -> guid(role.id()).stream())
                        .findFirst()
                        .<Found>map(Found.Known::new)
                        .orElseGet(Found.Unknown::new);
            case Arm.Answer.Refusal<List<RoleDefinitionInner>>(ArmError error) -> new Found.Failed(fault(error));
            case Arm.Answer.None<List<RoleDefinitionInner>>(Fault fault) -> new Found.Failed(fault);
        };
    }

    @Override
    public Seen read(RoleScope scope, String name) {
        return switch (arm.read(client().getWithResponseAsync(path(scope), name, null))) {
            case Arm.Answer.Good<RoleAssignmentInner>(int status, HttpHeaders _, RoleAssignmentInner found) ->
                assignment(found).<Seen>map(Seen.Present::new).orElseGet(() -> new Seen.Failed(incomplete(status)));
            case Arm.Answer.Refusal<RoleAssignmentInner>(ArmError error) when isAbsence(error) -> new Seen.Absent();
            case Arm.Answer.Refusal<RoleAssignmentInner>(ArmError error) -> new Seen.Failed(fault(error));
            case Arm.Answer.None<RoleAssignmentInner>(Fault fault) -> new Seen.Failed(fault);
        };
    }

    @Override
    public Listed list(String subscriptionId, String principal) {
        // The SDK sends this filter as it is, and those of role definitions encoded.
        PagedFlux<RoleAssignmentInner> pages = client().listForScopeAsync(
                        "subscriptions/" + subscriptionId, "principalId%20eq%20%27" + principal + "%27", null, null);
        return switch (arm.read(all(pages))) {
            case Arm.Answer.Good<List<RoleAssignmentInner>>(int _, HttpHeaders _, List<RoleAssignmentInner> found) ->
                // Azure also tells those to groups that the principal is in, and those above the subscription.
                new Listed.All(found.stream()
                        .flatMap(one -> assignment(one).stream())
                        .filter(one -> one.principal().equalsIgnoreCase(principal))
                        .toList());
            case Arm.Answer.Refusal<List<RoleAssignmentInner>>(ArmError error) -> new Listed.Failed(fault(error));
            case Arm.Answer.None<List<RoleAssignmentInner>>(Fault fault) -> new Listed.Failed(fault);
        };
    }

    /** With the type of the principal Azure does not look for it in a replica that may not have it yet. */
    @Override
    public Put put(Assignment assignment, String description) {
        RoleAssignmentCreateParameters goal = new RoleAssignmentCreateParameters()
                .withRoleDefinitionId(
                        "/subscriptions/" + assignment.scope().subscriptionId() + DEFINITIONS + assignment.role())
                .withPrincipalId(assignment.principal())
                .withPrincipalType(PrincipalType.SERVICE_PRINCIPAL)
                .withDescription(description);
        return switch (arm.once(client().createWithResponseAsync(path(assignment.scope()), assignment.name(), goal))) {
            case Arm.Answer.Good<RoleAssignmentInner> _ -> new Put.Done();
            case Arm.Answer.Refusal<RoleAssignmentInner>(ArmError error)
            when error.is("RoleAssignmentExists") -> new Put.Exists();
            case Arm.Answer.Refusal<RoleAssignmentInner>(ArmError error) -> new Put.Failed(fault(error));
            case Arm.Answer.None<RoleAssignmentInner>(Fault fault) -> new Put.Failed(fault);
        };
    }

    @Override
    public Deleted delete(RoleScope scope, String name) {
        // 204, where there was none, has no body.
        Mono<Response<String>> request = client().deleteWithResponseAsync(path(scope), name, null)
                .map(answer ->
                        new SimpleResponse<>(answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), ""));
        return switch (arm.once(request)) {
            case Arm.Answer.Good<String> _ -> new Deleted.Gone();
            case Arm.Answer.Refusal<String>(ArmError error) when isAbsence(error) -> new Deleted.Gone();
            case Arm.Answer.Refusal<String>(ArmError error) -> new Deleted.Failed(fault(error));
            case Arm.Answer.None<String>(Fault fault) -> new Deleted.Failed(fault);
        };
    }

    private RoleAssignmentsClient client() {
        return arm.authorization().getRoleAssignments();
    }

    /** The SDK puts a slash before it. */
    private static String path(RoleScope scope) {
        return scope.value().substring(1);
    }

    /** What is assigned at something goes with it. */
    private static boolean isAbsence(ArmError error) {
        return error.status() == 404
                && (error.is("RoleAssignmentNotFound")
                        || error.is("ParentResourceNotFound")
                        || ArmErrors.absence(error).isPresent());
    }

    private static Fault fault(ArmError error) {
        return ArmErrors.fault(error, Subject.ROLE);
    }

    private static Fault incomplete(int status) {
        return new Fault.Unexpected(status, "", "the answer tells no role, principal or scope");
    }

    /** All pages, as one answer: half a list would say that the other half is not there. */
    private static <T> Mono<Response<List<T>>> all(PagedFlux<T> pages) {
        return pages.byPage().collectList().map(list -> {
            List<T> items = new ArrayList<>();
            list.forEach(page -> items.addAll(page.getValue()));
            PagedResponse<T> last = list.getLast();
            return new SimpleResponse<>(last.getRequest(), last.getStatusCode(), last.getHeaders(), items);
        });
    }

    private static Optional<Assignment> assignment(@Nullable RoleAssignmentInner inner) {
        if (inner == null || inner.name() == null || inner.principalId() == null) {
            return Optional.empty();
        }
        String scope = inner.scope();
        String condition = inner.condition();
        return Optional.ofNullable(scope)
                .flatMap(RoleScope::parse)
                .flatMap(at -> guid(inner.roleDefinitionId())
                        .map(role -> new Assignment(
                                at,
                                inner.name().toLowerCase(Locale.ROOT),
                                inner.principalId().toLowerCase(Locale.ROOT),
                                role,
                                condition != null && !condition.isBlank())));
    }

    private static Optional<String> guid(@Nullable String roleDefinitionId) {
        return Optional.ofNullable(roleDefinitionId)
                .map(Role::of)
                .flatMap(role ->
                        role instanceof Role.ById(String _, String guid) ? Optional.of(guid) : Optional.empty());
    }
}
