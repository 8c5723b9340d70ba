package dev.vmidentity.api;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.STRING;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Identities on a virtual machine or a scale set, whoever owns the machine. */
@JsonClassDescription(
        "Managed identities on a virtual machine or scale set of Azure, whoever owns the machine. What others attached stays.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("VmIdentityBinding")
@Singular("vmidentitybinding")
@Plural("vmidentitybindings")
@ShortNames("vmib")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status", type = STRING)
@AdditionalPrinterColumn(name = "REASON", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", type = STRING)
@AdditionalPrinterColumn(name = "TARGET", jsonPath = ".status.targetName", type = STRING)
@AdditionalPrinterColumn(name = "IDENTITIES", jsonPath = ".status.identities", type = STRING)
@AdditionalPrinterColumn(name = "TARGET ID", jsonPath = ".status.target.resourceId", type = STRING, priority = 1)
@AdditionalPrinterColumn(
        name = "MESSAGE",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = STRING,
        priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = DATE)
public class VmIdentityBinding extends CustomResource<VmIdentityBindingSpec, VmIdentityBindingStatus>
        implements Namespaced {}
