package dev.vmidentity.api;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.STRING;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A user-assigned managed identity in Azure. */
@JsonClassDescription("A user-assigned managed identity in Azure: created, kept as declared and deleted, or only read.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("UserAssignedIdentity")
@Singular("userassignedidentity")
@Plural("userassignedidentities")
@ShortNames("uai")
@Categories(Api.CATEGORY)
@ValidationRule(
        value = "(has(self.spec.name) ? self.spec.name : self.metadata.name)"
                + " == (has(oldSelf.spec.name) ? oldSelf.spec.name : oldSelf.metadata.name)",
        message = "the name of an identity in Azure cannot be changed: keep spec.name as it was, or make another"
                + " UserAssignedIdentity and move the bindings to it",
        fieldPath = ".spec.name")
@ValidationRule(
        value = "has(self.spec.name) || self.metadata.name.matches('" + Rules.IDENTITY_NAME_PATTERN + "')",
        message = "metadata.name is no name for an identity in Azure, which has " + Rules.IDENTITY_NAME_FORM
                + ": set spec.name to one",
        fieldPath = ".spec.name")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.resourceId) || (has(self.status)"
                + " && has(self.status.resourceId)"
                + " && self.status.resourceId.lowerAscii() == oldSelf.status.resourceId.lowerAscii())",
        message = "status.resourceId says which identity in Azure is this object's, and cannot be changed: make another"
                + " UserAssignedIdentity",
        fieldPath = ".status.resourceId")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status", type = STRING)
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", type = STRING)
@AdditionalPrinterColumn(name = "CLIENT ID", jsonPath = ".status.clientId", type = STRING)
@AdditionalPrinterColumn(name = "PRINCIPAL ID", jsonPath = ".status.principalId", type = STRING, priority = 1)
@AdditionalPrinterColumn(name = "RESOURCE ID", jsonPath = ".status.resourceId", type = STRING, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = DATE)
public class UserAssignedIdentity extends CustomResource<UserAssignedIdentitySpec, UserAssignedIdentityStatus>
        implements Namespaced {

    /** The identity's name in Azure: {@code spec.name}, or else the object's own. */
    public String effectiveName() {
        var name = getSpec().name();
        return name == null ? getMetadata().getName() : name;
    }
}
