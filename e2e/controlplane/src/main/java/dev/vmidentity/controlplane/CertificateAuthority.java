package dev.vmidentity.controlplane;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Issues the certificates of one control plane. Kept in two files, so that what it issued outlives a restart. */
final class CertificateAuthority {

    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
    /** Longer than any stack stays up: the servers' certificates are issued anew at each start. */
    private static final Duration VALIDITY = Duration.ofDays(2 * 365);
    /** Clocks of a machine that was suspended may step back. */
    private static final Duration SKEW = Duration.ofHours(1);

    private final X509CertificateHolder certificate;
    private final PrivateKey key;
    private final InstantSource time;
    private final SecureRandom random = new SecureRandom();

    private CertificateAuthority(X509CertificateHolder certificate, PrivateKey key, InstantSource time) {
        this.certificate = certificate;
        this.key = key;
        this.time = time;
    }

    /** The authority kept as {@code <name>.crt} and {@code <name>.key} in {@code folder}, made when it is not there. */
    static CertificateAuthority in(Path folder, String name, InstantSource time) {
        Path crt = folder.resolve(name + ".crt");
        Path pem = folder.resolve(name + ".key");
        try {
            if (Files.exists(crt) && Files.exists(pem)) {
                return new CertificateAuthority(
                        (X509CertificateHolder) read(crt),
                        new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) read(pem)),
                        time);
            }
            KeyPair pair = newKeyPair();
            X500Name subject = subject("vm-identity-local-" + name, List.of());
            var builder = builder(subject, subject, pair, AUTHORITY_VALIDITY, time, new SecureRandom())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(
                            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            X509CertificateHolder certificate = builder.build(signer(pair.getPrivate()));
            PrivateFile.write(pem, pem(pair.getPrivate()));
            PrivateFile.write(crt, pem(certificate));
            return new CertificateAuthority(certificate, pair.getPrivate(), time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's own certificate, PEM: what others trust. */
    String certificate() {
        return pem(certificate);
    }

    /** A certificate for a server (that may also be a client, as etcd is of itself) under these names. */
    Credential server(String commonName, List<String> dnsNames) {
        GeneralName[] names = new GeneralName[dnsNames.size() + 1];
        names[0] = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
        for (int i = 0; i < dnsNames.size(); i++) {
            names[i + 1] = new GeneralName(GeneralName.dNSName, dnsNames.get(i));
        }
        return issue(
                newKeyPair(),
                subject(commonName, List.of()),
                new GeneralNames(names),
                KeyPurposeId.id_kp_serverAuth,
                KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate that Kubernetes reads as this user in these groups. */
    Credential client(String user, List<String> groups) {
        return issue(newRsaKeyPair(), subject(user, groups), null, KeyPurposeId.id_kp_clientAuth);
    }

    private Credential issue(KeyPair pair, X500Name subject, @Nullable GeneralNames names, KeyPurposeId... purposes) {
        try {
            var builder = builder(certificate.getSubject(), subject, pair, VALIDITY, time, random)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            return new Credential(pem(builder.build(signer(key))), pem(pair.getPrivate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** EC P-256: made in a millisecond, where RSA takes a noticeable part of the start. */
    static KeyPair newKeyPair() {
        return newKeyPair("EC", 256);
    }

    /** For clients: the fabric8 client reads no other key from a kubeconfig. */
    private static KeyPair newRsaKeyPair() {
        return newKeyPair("RSA", 2048);
    }

    private static KeyPair newKeyPair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " keys are part of every JDK", e);
        }
    }

    /** A key or certificate as PEM. */
    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            // A private key would be written in the old form of its algorithm, which fewer clients read than PKCS#8.
            writer.writeObject(
                    object instanceof PrivateKey privateKey ? new JcaPKCS8Generator(privateKey, null) : object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static X500Name subject(String commonName, List<String> organizations) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer,
            X500Name subject,
            KeyPair pair,
            Duration validity,
            InstantSource time,
            SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random),
                Date.from(time.instant().minus(SKEW)),
                Date.from(time.instant().plus(validity)),
                subject,
                pair.getPublic());
    }

    private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    }

    private static Object read(Path file) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
            return parser.readObject();
        }
    }
}
