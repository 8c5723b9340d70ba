package dev.vmidentity.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Identities on a virtual machine or a scale set, whoever owns the machine. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("VmIdentityBinding")
@Singular("vmidentitybinding")
@Plural("vmidentitybindings")
@ShortNames("vmib")
public class VmIdentityBinding extends CustomResource<VmIdentityBindingSpec, VmIdentityBindingStatus>
        implements Namespaced {}
