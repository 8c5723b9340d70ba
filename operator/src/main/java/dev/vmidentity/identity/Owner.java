package dev.vmidentity.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Whose an identity in Azure is: one UserAssignedIdentity of one cluster.
 *
 * <p>By name and not by uid: an object that was restored from a backup, or applied anew after its identity was retained,
 * finds its own again.
 *
 * @param cluster the uid of the namespace {@code kube-system}
 */
public record Owner(String cluster, String namespace, String name) {
    /** A value of a tag in Azure has at most that many characters. */
    private static final int LONGEST = 256;

    private static final int NONCE = 8;
    private static final int DIGEST = 16;

    /** The tag's value: {@code cluster/namespace/name/nonce}; a name too long for it is cut and followed by a digest. */
    String mark(String nonce) {
        if (nonce.length() != NONCE) {
            throw new IllegalArgumentException("a nonce has " + NONCE + " characters");
        }
        return path() + "/" + nonce;
    }

    /** Whether the value is this owner's, whatever the nonce. */
    boolean isMarkedBy(String value) {
        return value.length() == path().length() + 1 + NONCE && value.startsWith(path() + "/");
    }

    private String path() {
        var whole = cluster + "/" + namespace + "/" + name;
        int room = LONGEST - NONCE - 1;
        return whole.length() <= room ? whole : whole.substring(0, room - DIGEST - 1) + "~" + digest(whole);
    }

    private static String digest(String text) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
