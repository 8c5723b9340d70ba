package dev.vmidentity.controlplane;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How one user reaches the API server, as a kubeconfig file says it.
 *
 * @param server the API server
 * @param authority the PEM of who signed the server's certificate
 * @param user a name for the reader of the file
 * @param login how the user proves who it is
 */
record Kubeconfig(URI server, String authority, String user, Login login) {

    sealed interface Login {
        record ClientCertificate(Credential credential) implements Login {}

        record Token(String value) implements Login {}
    }

    String yaml() {
        String proof = switch (login) {
            case Login.ClientCertificate(Credential credential) ->
                "client-certificate-data: %s\n    client-key-data: %s"
                        .formatted(base64(credential.certificate()), base64(credential.key()));
            case Login.Token(String value) -> "token: " + value;
        };
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: vm-identity-local
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: "%s"
                  user:
                    %s
                contexts:
                - name: vm-identity-local
                  context:
                    cluster: vm-identity-local
                    user: "%s"
                    namespace: default
                current-context: vm-identity-local
                """.formatted(server, base64(authority), user, proof, user);
    }

    private static String base64(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }
}
