package dev.vmidentity.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who the operator is to Azure.
 *
 * <p>A credential is built for each token. The library's own caches then play no part: they miss where the authority
 * is not on port 443, and would answer a refused token with the same one again. {@link Tokens} is the cache.
 */
final class Credentials {
    /** Authorities that the library knows; any other has no instance discovery to ask. */
    private static final Set<String> PUBLIC_AUTHORITIES = Set.of(
            "login.microsoftonline.com",
            "login.microsoftonline.us",
            "login.partner.microsoftonline.cn",
            "login.chinacloudapi.cn");

    private final AzureSettings settings;
    private final HttpClient http;

    Credentials(AzureSettings settings, HttpClient http) {
        this.settings = settings;
        this.http = http;
    }

    /** By federated token, else by secret, else as the managed identity of where this runs. */
    TokenCredential build() {
        Optional<Path> federated = settings.federatedTokenFile();
        if (federated.isPresent()) {
            return inDirectory(new ClientAssertionCredentialBuilder().clientAssertion(() -> read(federated.get())))
                    .build();
        }
        Optional<String> secret = settings.clientSecret();
        if (secret.isPresent()) {
            return inDirectory(new ClientSecretCredentialBuilder().clientSecret(secret.get()))
                    .build();
        }
        ManagedIdentityCredentialBuilder builder = new ManagedIdentityCredentialBuilder().httpClient(http);
        settings.clientId().ifPresent(builder::clientId);
        return builder.build();
    }

    private <B extends AadCredentialBuilderBase<B>> B inDirectory(B builder) {
        builder.httpClient(http)
                .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ZERO)))
                .tenantId(settings.tenantId().orElseThrow())
                .clientId(settings.clientId().orElseThrow())
                .authorityHost(settings.authorityHost().toString());
        String host = settings.authorityHost().getHost().toLowerCase(Locale.ROOT);
        return PUBLIC_AUTHORITIES.contains(host) ? builder : builder.disableInstanceDiscovery();
    }

    private static String read(Path tokenFile) {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new TokenFileUnreadable(tokenFile, e);
        }
    }

    /** The fault is the pod's, not the network's. */
    static final class TokenFileUnreadable extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        TokenFileUnreadable(Path file, IOException cause) {
            super("cannot read the federated token file " + file + ": " + cause.getMessage(), cause);
        }
    }
}
