package dev.vmidentity.simulator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of our own, and the server certificate it signed for the loopback names. Strict clients (Python 3.13, Go) want
 * key usages and key identifiers, so they are all there. Kept in a directory, it survives restarts.
 */
public final class CertificateAuthority {
    private static final char[] PASSWORD = "simulator".toCharArray();
    private static final String ALIAS = "server";
    private static final Duration LIFE = Duration.ofDays(820);

    private final KeyStore serverKeys;
    private final X509Certificate certificate;

    private CertificateAuthority(KeyStore serverKeys, X509Certificate certificate) {
        this.serverKeys = serverKeys;
        this.certificate = certificate;
    }

    /** A new one in memory. */
    public static CertificateAuthority create(Instant now) {
        try {
            var caKeys = newKeys();
            var caName = new X500Name("CN=Azure simulator CA");
            var extensions = new JcaX509ExtensionUtils();
            var ca = certificate(caName, caName, caKeys, now);
            ca.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            ca.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            ca.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(caKeys.getPublic()));
            var caCertificate = sign(ca, caKeys.getPrivate());

            var keys = newKeys();
            var server = certificate(caName, new X500Name("CN=Azure simulator"), keys, now);
            server.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            server.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            server.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            server.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.iPAddress, "::1")
            }));
            server.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
            server.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(caCertificate));

            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, keys.getPrivate(), PASSWORD, new X509Certificate[] {
                sign(server, caKeys.getPrivate()), caCertificate
            });
            return new CertificateAuthority(store, caCertificate);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("Cannot make certificates", e);
        }
    }

    /** The one kept in the directory ({@code server.p12}), or a new one written there; {@code ca.pem} is for clients. */
    public static CertificateAuthority in(Path directory, Instant now) {
        try {
            Files.createDirectories(directory);
            var file = directory.resolve("server.p12");
            CertificateAuthority authority;
            if (Files.exists(file)) {
                var store = KeyStore.getInstance("PKCS12");
                try (var in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
                authority = new CertificateAuthority(store, (X509Certificate) store.getCertificateChain(ALIAS)[1]);
                if (authority.certificate.getNotAfter().toInstant().isBefore(now.plus(Duration.ofDays(30)))) {
                    authority = create(now);
                }
            } else {
                authority = create(now);
            }
            try (var out = Files.newOutputStream(file)) {
                authority.serverKeys.store(out, PASSWORD);
            }
            Files.writeString(directory.resolve("ca.pem"), authority.pem());
            return authority;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot read " + directory.resolve("server.p12"), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String pem() {
        try {
            var body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client that trusts this authority and nobody else. */
    public SSLContext clientContext() {
        try {
            var trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("ca", certificate);
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trust);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyStore serverKeys() {
        return serverKeys;
    }

    static String password() {
        return new String(PASSWORD);
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder certificate(X500Name issuer, X500Name subject, KeyPair keys, Instant now) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(LIFE)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }
}
