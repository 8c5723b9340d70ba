package dev.vmidentity.kube;

import dev.vmidentity.core.Rights;
import java.util.Optional;

/** What each namespace may do. */
public interface NamespaceRights {
    /** Empty when it is not known: the namespace is not seen, or not yet. Nothing may be concluded from that. */
    Optional<Rights> rights(String namespace);
}
