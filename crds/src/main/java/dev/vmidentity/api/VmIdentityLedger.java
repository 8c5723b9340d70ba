package dev.vmidentity.api;

import io.fabric8.kubernetes.client.CustomResource;
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
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("VmIdentityLedger")
@Singular("vmidentityledger")
@Plural("vmidentityledgers")
@ShortNames("vmil")
public class VmIdentityLedger extends CustomResource<VmIdentityLedgerSpec, VmIdentityLedgerStatus> {}
