package dev.vmidentity.azure;

import static java.util.Map.entry;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one table from ARM's errors to faults.
 *
 * <p>By throttling first, then by code, then by status. A code alone is not enough where Azure uses one for several
 * things: {@code OperationNotAllowed} is a machine that is being deleted, a throttle, or a plain no; {@code
 * FailedIdentityOperation} wraps what the identity service said, and that decides.
 */
final class ArmErrors {
    /** What a request was about. */
    enum Subject {
        MACHINE,
        IDENTITY,
        /** Many machines: an answer of Resource Graph. */
        FLEET,
        /** An assignment of a role. */
        ROLE
    }

    private interface Rule extends BiFunction<ArmError, Subject, Fault> {}

    private static final Map<String, Rule> BY_CODE = byCode(
            entry("FailedIdentityOperation", (error, subject) -> IdentityOperationError.fault(error)),

            // who may
            entry("AuthorizationFailed", (error, subject) -> forbidden(error)),
            entry("LinkedAuthorizationFailed", (error, subject) -> linkedForbidden(error)),
            entry("LinkedAccessCheckFailed", (error, subject) -> linkedForbidden(error)),
            entry("AuthenticationFailed", (error, subject) -> new Fault.CredentialsRefused(error.detail())),
            entry("InvalidAuthenticationToken", (error, subject) -> new Fault.CredentialsRefused(error.detail())),
            entry("InvalidAuthenticationTokenTenant", (error, subject) -> new Fault.CredentialsRefused(error.detail())),
            entry("ExpiredAuthenticationToken", (error, subject) -> new Fault.CredentialsRefused(error.detail())),

            // what is not there
            entry("SubscriptionNotFound", (error, subject) -> subscriptionMissing(error)),
            entry("InvalidSubscriptionId", (error, subject) -> subscriptionMissing(error)),
            entry(
                    "ResourceGroupNotFound",
                    (error, subject) -> subject == Subject.ROLE ? gone(error, subject) : groupMissing(error)),
            entry("ResourceNotFound", ArmErrors::gone),
            entry("NotFound", ArmErrors::gone),
            entry("ResourceGroupBeingDeleted", ArmErrors::groupGoes),
            entry("ResourceGroupDeprovisioning", ArmErrors::groupGoes),

            // the identities of a request
            entry("LinkedInvalidPropertyId", (error, subject) -> identityRefused(error)),
            entry("InvalidIdentityValues", (error, subject) -> identityRefused(error)),
            entry("MissingIdentityIds", (error, subject) -> identityRefused(error)),
            entry("DuplicateIdentityIds", (error, subject) -> identityRefused(error)),
            entry("InvalidParameter", (error, subject) -> invalidParameter(error)),

            // roles: a principal that Azure's directory does not have yet, a role or a scope that is not there
            entry("PrincipalNotFound", (error, subject) -> new Fault.PrincipalUnknown(error.detail())),
            entry("RoleDefinitionDoesNotExist", (error, subject) -> new Fault.RoleMissing("", error.detail())),
            entry("RoleDefinitionNotFound", (error, subject) -> new Fault.RoleMissing("", error.detail())),
            entry(
                    "ParentResourceNotFound",
                    (error, subject) -> subject == Subject.ROLE ? gone(error, subject) : byStatus(error)),

            // later
            entry("Conflict", (error, subject) -> error.status() == 400 ? refused(error) : busy(error)),
            entry("ConflictingConcurrentWriteNotAllowed", (error, subject) -> busy(error)),
            entry("OperationPreempted", (error, subject) -> busy(error)),
            entry("AnotherOperationInProgress", (error, subject) -> busy(error)),
            entry("RetryableError", (error, subject) -> busy(error)),
            entry("RetryableErrorDueToAnotherOperation", (error, subject) -> busy(error)),
            entry("PreconditionFailed", (error, subject) -> busy(error)),
            entry("InternalServerError", (error, subject) -> unwell(error)),
            entry("InternalExecutionError", (error, subject) -> unwell(error)),
            entry("InternalOperationError", (error, subject) -> unwell(error)),
            entry("ServerTimeout", (error, subject) -> unwell(error)),
            entry("GatewayTimeout", (error, subject) -> unwell(error)),
            entry("ServiceUnavailable", (error, subject) -> unwell(error)),
            entry("ServerBusy", (error, subject) -> unwell(error)),

            // a person has to act
            entry("OperationNotAllowed", (error, subject) -> operationNotAllowed(error)),
            entry("PropertyChangeNotAllowed", (error, subject) -> refused(error)),
            entry("ScopeLocked", (error, subject) -> refused(error)),
            entry("ReadOnlyDisabledSubscription", (error, subject) -> refused(error)),
            entry("RequestDisallowedByPolicy", (error, subject) -> refused(error)),
            entry("RequestDisallowedByAzure", (error, subject) -> refused(error)),
            entry("DenyAssignmentAuthorizationFailed", (error, subject) -> refused(error)),
            entry("MissingSubscriptionRegistration", (error, subject) -> refused(error)),
            entry("NoRegisteredProviderFound", (error, subject) -> refused(error)),
            entry("LocationNotAvailableForResourceType", (error, subject) -> refused(error)),
            entry("InvalidResourceLocation", (error, subject) -> refused(error)),
            entry("InvalidResourceName", (error, subject) -> refused(error)));

    private static final Set<String> THROTTLES = Set.of(
            "TooManyRequests", "SubscriptionRequestsThrottled", "ResourceRequestsThrottled", "TenantRequestsThrottled");

    private static final Pattern ACTION = Pattern.compile("perform action(?:\\(s\\))? '([^']+)'");
    private static final Pattern LINKED_ACTION = Pattern.compile(
            "(?:does|do) not have permission to perform action(?:\\(s\\))? '([^']+)' on the linked scope\\(s\\) '([^']+)'");
    private static final Pattern OVER_SCOPE = Pattern.compile("over scope '([^']+)'");
    private static final Pattern OBJECT_ID = Pattern.compile("with object id '([^']+)'");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
    private static final Pattern IDENTITY_ID = Pattern.compile(
            "/subscriptions/[^/'\",\\s]+/resourceGroups/[^/'\",\\s]+"
                    + "/providers/Microsoft\\.ManagedIdentity/userAssignedIdentities/[A-Za-z0-9_-]+",
            Pattern.CASE_INSENSITIVE);

    private ArmErrors() {}

    static Fault fault(ArmError error, Subject subject) {
        if (throttled(error)) {
            return new Fault.Throttled(scope(error, subject), error.retryAfter(), error.detail());
        }
        if (error.status() == 401) {
            return new Fault.CredentialsRefused(error.detail());
        }
        Rule rule = BY_CODE.get(error.code());
        return rule == null ? byStatus(error) : rule.apply(error, subject);
    }

    /**
     * Whether the error says that the resource is not there, and then whether its group is not there either. A 404
     * that says neither may come from anything on the way, and says nothing about the resource.
     */
    static Optional<Boolean> absence(ArmError error) {
        if (error.status() != 404) {
            return Optional.empty();
        }
        if (error.is("ResourceGroupNotFound")) {
            return Optional.of(true);
        }
        return error.is("ResourceNotFound") || error.is("NotFound") ? Optional.of(false) : Optional.empty();
    }

    /** The user-assigned identities that a sentence names. */
    static List<ArmId> identitiesIn(String message) {
        Set<ArmId> found = new LinkedHashSet<>();
        Matcher matcher = IDENTITY_ID.matcher(message);
        while (matcher.find()) {
            ArmId.parse(matcher.group()).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    private static Fault byStatus(ArmError error) {
        if (error.status() == 403) {
            return forbidden(error);
        }
        if (error.status() == 409) {
            return refused(error);
        }
        if (error.status() == 408 || error.status() >= 500) {
            return unwell(error);
        }
        return new Fault.Unexpected(error.status(), error.code(), error.detail());
    }

    private static boolean throttled(ArmError error) {
        return error.status() == 429
                || THROTTLES.contains(error.code())
                || error.details().stream().anyMatch(detail -> detail.code().equals("TooManyRequests"));
    }

    /** As narrow as Azure says, and the subscription where it does not. */
    private static Scope scope(ArmError error, Subject subject) {
        if (subject == Subject.FLEET) {
            return Scope.RESOURCE_GRAPH;
        }
        boolean ofArm = error.code().endsWith("RequestsThrottled");
        if (subject == Subject.ROLE) {
            return Scope.SUBSCRIPTION;
        }
        if (subject == Subject.IDENTITY) {
            return ofArm ? Scope.SUBSCRIPTION : Scope.IDENTITIES;
        }
        List<String> budgets = error.details().stream()
                .filter(detail -> detail.code().equals("TooManyRequests"))
                .map(ArmError.Detail::target)
                .filter(target -> !target.isEmpty())
                .toList();
        List<String> named = budgets.isEmpty() ? error.exhausted() : budgets;
        boolean ofMachine = !ofArm
                && named.stream().anyMatch(budget -> budget.endsWith("Resource"))
                && named.stream().noneMatch(budget -> budget.endsWith("SubscriptionMaximum"));
        return ofMachine ? Scope.MACHINE : Scope.SUBSCRIPTION;
    }

    private static Fault forbidden(ArmError error) {
        return new Fault.Forbidden(
                first(ACTION, error.message()),
                first(OVER_SCOPE, error.message()).isEmpty() ? List.of() : List.of(first(OVER_SCOPE, error.message())),
                first(OBJECT_ID, error.message()),
                error.detail());
    }

    /**
     * Lacks the right on what the request links to, which is the identities; or cannot link to it at all, being in
     * another tenant. The former is also said of an identity that no longer exists.
     */
    private static Fault linkedForbidden(ArmError error) {
        Matcher matcher = LINKED_ACTION.matcher(error.message());
        if (!matcher.find()) {
            return identityRefused(error);
        }
        List<String> scopes = Arrays.stream(matcher.group(2).split(",", -1))
                .map(String::strip)
                .filter(scope -> !scope.isEmpty())
                .toList();
        return new Fault.Forbidden(matcher.group(1), scopes, first(OBJECT_ID, error.message()), error.detail());
    }

    private static Fault subscriptionMissing(ArmError error) {
        return new Fault.SubscriptionMissing(first(QUOTED, error.message()), error.detail());
    }

    private static Fault groupMissing(ArmError error) {
        return new Fault.ResourceGroupMissing(first(QUOTED, error.message()), error.detail());
    }

    private static Fault gone(ArmError error, Subject subject) {
        if (subject == Subject.ROLE) {
            return new Fault.ScopeMissing(error.detail());
        }
        return subject == Subject.MACHINE && error.status() == 404
                ? new Fault.BeingDeleted(error.detail())
                : new Fault.Unexpected(error.status(), error.code(), error.detail());
    }

    private static Fault groupGoes(ArmError error, Subject subject) {
        return subject == Subject.MACHINE ? new Fault.BeingDeleted(error.detail()) : busy(error);
    }

    private static Fault operationNotAllowed(ArmError error) {
        String message = error.message().toLowerCase(Locale.ROOT);
        return message.contains("marked for deletion") ? new Fault.BeingDeleted(error.detail()) : refused(error);
    }

    private static Fault invalidParameter(ArmError error) {
        String about = (error.target() + " " + error.message()).toLowerCase(Locale.ROOT);
        return about.contains("identit") ? identityRefused(error) : refused(error);
    }

    private static Fault identityRefused(ArmError error) {
        return new Fault.IdentityRefused(identitiesIn(error.message()), error.code(), error.detail());
    }

    private static Fault busy(ArmError error) {
        return new Fault.Busy(error.code(), error.detail());
    }

    private static Fault refused(ArmError error) {
        return new Fault.Refused(error.code(), error.detail());
    }

    private static Fault unwell(ArmError error) {
        return new Fault.AzureUnwell(error.status(), error.code(), error.detail());
    }

    private static String first(Pattern pattern, String message) {
        Matcher matcher = pattern.matcher(message);
        return matcher.find() ? matcher.group(1) : "";
    }

    @SafeVarargs
    private static Map<String, Rule> byCode(Map.Entry<String, Rule>... rules) {
        Map<String, Rule> table = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, Rule> rule : rules) {
            table.put(rule.getKey(), rule.getValue());
        }
        return table;
    }
}
