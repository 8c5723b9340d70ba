package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Operation;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every error answer, once. Those of ARM's front door carry {@code x-ms-failure-cause: gateway}. The evidence for each text is in
 * {@code COVERAGE.md}.
 */
public final class Errors {
    private static final DateTimeFormatter US_TIME =
            DateTimeFormatter.ofPattern("M/d/yyyy h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    static final Operation.OperationError PREEMPTED = new Operation.OperationError(
            "OperationPreempted", "Operation execution has been preempted by a more recent operation.");

    private Errors() {}

    // -- shapes

    /** From the provider. */
    public static Answer error(int status, String code, String message) {
        return error(status, code, message, null);
    }

    static Answer error(int status, String code, String message, @Nullable String target) {
        var error = Json.object().put("code", code).put("message", message);
        if (target != null) {
            error.put("target", target);
        }
        return Answer.json(status, Json.compact(Json.object().set("error", error)));
    }

    /** From Microsoft.Compute, whose JSON is indented. */
    static Answer compute(int status, String code, String message, @Nullable String target) {
        var error = Json.object().put("code", code).put("message", message);
        if (target != null) {
            error.put("target", target);
        }
        return Answer.json(status, Json.indented(Json.object().set("error", error)));
    }

    /** From ARM's front door. */
    static Answer gateway(int status, String code, String message) {
        return error(status, code, message).with("x-ms-failure-cause", "gateway");
    }

    // -- who are you

    public static Answer noToken(String tenant) {
        return challenge(
                tenant,
                gateway(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."),
                "The authentication failed because of missing 'Authorization' header.");
    }

    public static Answer wrongScheme(String tenant) {
        return challenge(
                tenant,
                gateway(
                        401,
                        "AuthenticationFailedInvalidHeader",
                        "Authentication failed. The 'Authorization' header is provided in an invalid format."),
                "The authentication failed because of invalid 'Authorization' header.");
    }

    public static Answer invalidToken(String tenant) {
        return challenge(
                tenant,
                gateway(401, "InvalidAuthenticationToken", "The access token is invalid."),
                "The access token is invalid.");
    }

    public static Answer expiredToken(String tenant, Instant expiry, Instant now) {
        var message = "The access token expiry UTC time '%s' is earlier than current UTC time '%s'."
                .formatted(US_TIME.format(expiry), US_TIME.format(now));
        return challenge(tenant, gateway(401, "ExpiredAuthenticationToken", message), message);
    }

    private static Answer challenge(String tenant, Answer answer, String description) {
        return answer.with(
                "WWW-Authenticate",
                "Bearer authorization_uri=\"https://login.windows.net/%s\", error=\"invalid_token\", error_description=\"%s\""
                        .formatted(tenant, description));
    }

    // -- paths and versions

    static Answer missingApiVersion() {
        return gateway(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.");
    }

    static Answer unknownApiVersion(String version, Collection<String> supported) {
        return gateway(
                400,
                "InvalidApiVersionParameter",
                "The api-version '%s' is invalid. The supported versions are '%s'."
                        .formatted(version, String.join(",", supported)));
    }

    static Answer unregisteredVersion(String location, String version, String type, Collection<String> supported) {
        return gateway(
                400,
                "NoRegisteredProviderFound",
                ("No registered resource provider found for location '%s' and API version '%s' for type '%s'. "
                                + "The supported api-versions are '%s'. The supported locations are '%s'.")
                        .formatted(
                                location,
                                version,
                                type,
                                String.join(", ", supported),
                                String.join(", ", Locations.names())));
    }

    static Answer unknownNamespace(String namespace) {
        return gateway(404, "InvalidResourceNamespace", "The resource namespace '%s' is invalid.".formatted(namespace));
    }

    static Answer unknownType(String namespace, String type, String version) {
        return gateway(
                404,
                "InvalidResourceType",
                "The resource type '%s' could not be found in the namespace '%s' for api version '%s'."
                        .formatted(type, namespace, version));
    }

    static Answer unregistered(String namespace) {
        return gateway(
                409,
                "MissingSubscriptionRegistration",
                ("The subscription is not registered to use namespace '%s'. "
                                + "See https://aka.ms/rps-not-found for how to register subscriptions.")
                        .formatted(namespace));
    }

    static Answer methodNotAllowed(String method) {
        return gateway(
                405, "HttpMethodNotAllowed", "The HTTP method '%s' is not supported at scope.".formatted(method));
    }

    static Answer noSuchPath() {
        return gateway(404, "NotFound", "The requested resource was not found.");
    }

    // -- bodies

    static Answer unsupportedMediaType(String type) {
        return gateway(
                415,
                "UnsupportedMediaType",
                "The content media type '%s' is not supported. Only 'application/json' is supported.".formatted(type));
    }

    static Answer emptyBody() {
        return gateway(
                400,
                "MissingRequestBody",
                "The request must have a body. The content type 'application/json' is expected.");
    }

    static Answer notDeserializable(String what) {
        return gateway(
                400,
                "InvalidRequestContent",
                "The request content was invalid and could not be deserialized: '%s'.".formatted(what));
    }

    static String jsonProblem(JsonProcessingException e) {
        var at = e.getLocation();
        return "Unexpected character encountered while parsing value. Path '', line %d, position %d."
                .formatted(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr());
    }

    static Answer locationRequired() {
        return gateway(400, "LocationRequired", "The location property is required for this definition.");
    }

    static Answer otherLocation(String name, String location, String group, String wanted) {
        return gateway(
                409,
                "InvalidResourceLocation",
                ("The resource '%s' already exists in location '%s' in resource group '%s'. "
                                + "A resource with the same name cannot be created in location '%s'. "
                                + "Please select a new resource name.")
                        .formatted(name, location, group, wanted));
    }

    static Answer locationUnavailable(String location, String type) {
        return gateway(
                400,
                "LocationNotAvailableForResourceType",
                "The provided location '%s' is not available for resource type '%s'. List of available regions for the resource type is '%s'."
                        .formatted(location, type, String.join(",", Locations.names())));
    }

    static Answer invalidParameter(String message, String target) {
        return compute(400, "InvalidParameter", message, target);
    }

    // -- not there

    static Answer noSubscription(String id) {
        return gateway(404, "SubscriptionNotFound", "The subscription '%s' could not be found.".formatted(id));
    }

    static Answer malformedSubscription(String id) {
        return gateway(
                400,
                "InvalidSubscriptionId",
                "The provided subscription identifier '%s' is malformed or invalid.".formatted(id));
    }

    static Answer noGroup(String name) {
        return gateway(404, "ResourceGroupNotFound", "Resource group '%s' could not be found.".formatted(name));
    }

    /** Type and names as in {@code Microsoft.Compute/virtualMachines/vm1}. */
    static Answer noResource(String typeAndNames, String group) {
        return gateway(
                404,
                "ResourceNotFound",
                ("The Resource '%s' under resource group '%s' was not found. "
                                + "For more details please go to https://aka.ms/ARMResourceNotFoundFix")
                        .formatted(typeAndNames, group));
    }

    /** The parent of a nested compute resource. */
    static Answer noParentResource(String parent) {
        return gateway(
                404,
                "ParentResourceNotFound",
                "Can not perform requested operation on nested resource. Parent resource '%s' not found."
                        .formatted(parent));
    }

    static Answer noParent(String verb, String type, String parent) {
        return gateway(
                404,
                "ParentResourceNotFound",
                "Failed to perform '%s' on resource(s) of type '%s', because the parent resource '%s' could not be found."
                        .formatted(verb, type, parent));
    }

    static Answer notFoundByProvider(String id) {
        return error(404, "NotFound", "Resource '%s' was not found.".formatted(ArmId.lowerGroup(id)));
    }

    static Answer noEntity() {
        return compute(404, "NotFound", "The entity was not found in this Azure location.", null);
    }

    // -- identities of machines

    /** The whole failed call to the identity service, quoted inside the message. */
    static Answer failedIdentityOperation(String resource, String status, String code, String message) {
        return gateway(400, "FailedIdentityOperation", failedIdentityMessage(resource, status, code, message));
    }

    static String failedIdentityMessage(String resource, String status, String code, String message) {
        var inner = Json.compact(
                Json.object().set("error", Json.object().put("code", code).put("message", message)));
        return ("Identity operation for resource '%s' failed with error 'Failed to perform resource identity operation. "
                        + "Status: '%s'. Response: '%s'.'.")
                .formatted(resource, status, inner);
    }

    static String identityGone(String identity) {
        return "Resource '%s' was not found.".formatted(ArmId.lowerGroup(identity));
    }

    static Answer malformedIdentityId(String id) {
        return gateway(
                400,
                "LinkedInvalidPropertyId",
                ("Property id '%s' at path '' is invalid. Expect fully qualified resource Id that start with "
                                + "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.")
                        .formatted(id));
    }

    static Answer echoedIdentityValue(String id) {
        return gateway(
                400,
                "InvalidIdentityValues",
                ("Invalid value for the identities '%s'. The 'UserAssignedIdentities' property keys should only be "
                                + "empty json objects, null or the resource exisiting property.")
                        .formatted(id));
    }

    static Answer noIdentityIds(String type) {
        return gateway(
                400,
                "MissingIdentityIds",
                "The identity ids must not be null or empty for '%s' identity type.".formatted(type));
    }

    static Answer twiceTheSameId(String id) {
        return gateway(
                400,
                "DuplicateIdentityIds",
                "The request content has the following duplicate identity ids '%s'.".formatted(id));
    }

    // -- rights and locks

    static Answer forbidden(Caller caller, String action, String scope) {
        return gateway(
                403,
                "AuthorizationFailed",
                ("The client '%s' with object id '%s' does not have authorization to perform action '%s' over scope '%s' "
                                + "or the scope is invalid. If access was recently granted, please refresh your credentials.")
                        .formatted(caller.clientId(), caller.objectId(), action, scope));
    }

    static Answer linkedForbidden(
            Caller caller, String action, String scope, String linkedAction, Collection<String> linked) {
        return gateway(
                403,
                "LinkedAuthorizationFailed",
                ("The client '%s' with object id '%s' has permission to perform action '%s' on scope '%s'; however, it does not "
                                + "have permission to perform action '%s' on the linked scope(s) '%s' or the linked scope(s) are invalid.")
                        .formatted(
                                caller.clientId(),
                                caller.objectId(),
                                action,
                                scope,
                                linkedAction,
                                String.join(",", linked)));
    }

    static Answer locked(String scope, String operation, String locked) {
        return gateway(
                409,
                "ScopeLocked",
                ("The scope '%s' cannot perform %s operation because following scope(s) are locked: '%s'. "
                                + "Please remove the lock and try again.")
                        .formatted(scope, operation, ArmId.lowerGroup(locked)));
    }

    // -- conflicts

    static Answer etagMismatch(String sent, String present) {
        return compute(
                412,
                "PreconditionFailed",
                "Etag provided in if-match header %s does not match etag %s of resource.".formatted(sent, present),
                null);
    }

    static Answer existsAlready(Machine machine) {
        return compute(
                412,
                "PreconditionFailed",
                "Etag provided in if-none-match header * does match etag \"%d\" of resource.".formatted(machine.etag()),
                null);
    }

    static Answer conflict() {
        return compute(
                409,
                "Conflict",
                "The request failed due to conflict with a concurrent request. To resolve it, please refer to "
                        + "https://aka.ms/activitylog to get more details on the conflicting requests.",
                null);
    }

    static Answer interrupted() {
        return gateway(
                409,
                "ConflictingConcurrentWriteNotAllowed",
                "The operation was interrupted by a conflicting concurrent write on the same entity. Please retry later.");
    }

    static Answer markedForDeletion(Machine machine, String verb) {
        var vm = machine.type() == Machine.Type.VM;
        return compute(
                409,
                "OperationNotAllowed",
                vm
                        ? "Operation '%s VM' is not allowed on VM '%s' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete)."
                                .formatted(verb, machine.name())
                        : ("Operation '%s Virtual Machine Scale Set' is not allowed on Virtual Machine Scale Set '%s' since it is "
                                        + "marked for deletion. For more information on your operations, please refer to https://aka.ms/activitylog.")
                                .formatted(verb, machine.name()),
                null);
    }

    static Answer groupBeingDeleted(String group) {
        return gateway(
                409,
                "ResourceGroupBeingDeleted",
                "The resource group '%s' is in deprovisioning state and cannot perform this operation."
                        .formatted(group));
    }
}
