package dev.vmidentity.api;

/** Names of the API that are not those of a field. */
public final class Api {
    public static final String GROUP = "vmidentity.dev";
    public static final String VERSION = "v1alpha1";

    /** So that {@code kubectl get azure} shows them all. */
    static final String CATEGORY = "azure";

    private Api() {}
}
