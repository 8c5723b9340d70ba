package dev.vmidentity.simulator.model;

import java.util.List;

/** A federated credential of a user-assigned identity. */
public record FederatedCredential(String id, String issuer, String subject, List<String> audiences)
        implements Resource {

    /** Key of the identity that it belongs to. */
    public String parentKey() {
        return key().substring(0, key().indexOf("/federatedidentitycredentials/"));
    }
}
