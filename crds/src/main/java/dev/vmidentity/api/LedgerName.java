package dev.vmidentity.api;

import dev.vmidentity.api.VmIdentityLedgerSpec.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of a machine's ledger: what a person recognises, and a digest that makes it one of its kind.
 *
 * <p>The name follows from owner and machine, so that two processes that both create it meet in one object, and a copy under
 * another name is told at once. No CEL rule can say so: CEL in a CRD has no digest.
 */
public final class LedgerName {
    private static final int LONGEST = 63;
    private static final int DIGEST = 16;

    private LedgerName() {}

    /**
     * The name, at most 63 characters.
     *
     * @param owner its cluster and instance count, its uid does not: that one is only known after creation
     * @param resourceId the machine's id, in any spelling
     */
    public static String of(Owner owner, String resourceId) {
        var id = resourceId.toLowerCase(Locale.ROOT);
        return readable(id.substring(id.lastIndexOf('/') + 1)) + "-" + digest(owner, id);
    }

    /** Whether the ledger bears the name that its spec calls for; one that does not must be left alone. */
    public static boolean fits(VmIdentityLedger ledger) {
        var spec = ledger.getSpec();
        return of(spec.owner(), spec.resourceId()).equals(ledger.getMetadata().getName());
    }

    private static String readable(String machine) {
        var letters = machine.replaceAll("[^a-z0-9]+", "-").replaceAll("^-", "");
        var shortened = letters.substring(0, Math.min(letters.length(), LONGEST - DIGEST - 1));
        var trimmed = shortened.replaceAll("-$", "");
        return trimmed.isEmpty() ? "machine" : trimmed;
    }

    private static String digest(Owner owner, String id) {
        // Neither a uid nor an instance name nor an id has a line end, so no two triples give the same text.
        var text = owner.cluster() + "\n" + owner.instance() + "\n" + id;
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
