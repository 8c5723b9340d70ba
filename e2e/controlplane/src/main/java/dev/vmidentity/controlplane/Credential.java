package dev.vmidentity.controlplane;

/**
 * A certificate and its private key.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8, not encrypted
 */
record Credential(String certificate, String key) {

    @Override
    public String toString() {
        return "Credential[certificate=" + certificate.length() + " characters, key withheld]";
    }
}
