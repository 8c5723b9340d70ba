package dev.vmidentity.azure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which Azure, and as whom.
 *
 * @param resourceManagerEndpoint such as {@code https://management.azure.com}; nothing else is ever sent a token
 * @param audience what the token is for; {@code /.default} is appended to it as it is
 * @param authorityHost such as {@code https://login.microsoftonline.com}
 * @param tenantId needed with a secret or a federated token
 * @param clientId needed with a secret or a federated token; with neither, which managed identity to be
 * @param clientSecret never shown
 * @param federatedTokenFile comes before the secret; read again for every token
 * @param caFile certificates (PEM) that are trusted beside the platform's own
 * @param requestTimeout how long one request may take in all, at most {@link #LONGEST_REQUEST}
 */
public record AzureSettings(
        URI resourceManagerEndpoint,
        String audience,
        URI authorityHost,
        Optional<String> tenantId,
        Optional<String> clientId,
        Optional<String> clientSecret,
        Optional<Path> federatedTokenFile,
        Optional<Path> caFile,
        Duration requestTimeout) {

    /** The ledger protocol counts on no PATCH living longer. */
    public static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    public static final URI PUBLIC_RESOURCE_MANAGER = URI.create("https://management.azure.com");
    public static final URI PUBLIC_AUTHORITY = URI.create("https://login.microsoftonline.com");

    /**
     * What can be wrong is said as a person would mend it.
     *
     * @throws IllegalArgumentException when these settings cannot work
     */
    public AzureSettings {
        requireHttps("the resource manager endpoint", resourceManagerEndpoint);
        requireHttps("the authority host", authorityHost);
        if (audience.isBlank()) {
            throw new IllegalArgumentException("the audience of tokens is empty");
        }
        if (requestTimeout.isNegative() || requestTimeout.isZero() || requestTimeout.compareTo(LONGEST_REQUEST) > 0) {
            throw new IllegalArgumentException("the request timeout must be positive and at most "
                    + LONGEST_REQUEST.toSeconds() + " seconds, not " + requestTimeout);
        }
        if ((clientSecret.isPresent() || federatedTokenFile.isPresent())
                && (tenantId.isEmpty() || clientId.isEmpty())) {
            throw new IllegalArgumentException(
                    "a client secret or federated token file needs a tenant id and a client id beside it");
        }
    }

    private static void requireHttps(String what, URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(what + " must be an https URL, not " + uri);
        }
    }

    @Override
    public String toString() {
        return "AzureSettings[resourceManagerEndpoint=" + resourceManagerEndpoint + ", audience=" + audience
                + ", authorityHost=" + authorityHost + ", tenantId=" + tenantId + ", clientId=" + clientId
                + ", clientSecret=" + clientSecret.map(secret -> "(not shown)") + ", federatedTokenFile="
                + federatedTokenFile + ", caFile=" + caFile + ", requestTimeout=" + requestTimeout + "]";
    }
}
