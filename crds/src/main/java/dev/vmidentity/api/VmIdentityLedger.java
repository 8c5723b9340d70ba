package dev.vmidentity.api;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.STRING;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The operator's memory of one machine, and an admin's view of it. Cluster-scoped; written by the operator alone.
 *
 * <p>Its name is {@link LedgerName#of}; one whose name does not fit its {@code spec} is a copy and must not be acted on.
 */
@JsonClassDescription(
        "The operator's memory of one machine, and an admin's view of its identities. Written by the operator alone: do not edit it.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("VmIdentityLedger")
@Singular("vmidentityledger")
@Plural("vmidentityledgers")
@ShortNames("vmil")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "MACHINE", jsonPath = ".status.machine", type = STRING)
@AdditionalPrinterColumn(name = "TYPE", jsonPath = ".status.type", type = STRING)
@AdditionalPrinterColumn(name = "OURS", jsonPath = ".status.ours", type = INTEGER)
@AdditionalPrinterColumn(name = "FOREIGN", jsonPath = ".status.foreign", type = INTEGER)
@AdditionalPrinterColumn(name = "BINDINGS", jsonPath = ".status.bindings.count", type = INTEGER)
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status", type = STRING)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = DATE)
public class VmIdentityLedger extends CustomResource<VmIdentityLedgerSpec, VmIdentityLedgerStatus> {}
