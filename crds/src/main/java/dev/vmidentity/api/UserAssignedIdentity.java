package dev.vmidentity.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A user-assigned managed identity in Azure. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("UserAssignedIdentity")
@Singular("userassignedidentity")
@Plural("userassignedidentities")
@ShortNames("uai")
public class UserAssignedIdentity extends CustomResource<UserAssignedIdentitySpec, UserAssignedIdentityStatus>
        implements Namespaced {

    /** The identity's name in Azure: {@code spec.name}, or else the object's own. */
    public String effectiveName() {
        var name = getSpec().name();
        return name == null ? getMetadata().getName() : name;
    }
}
