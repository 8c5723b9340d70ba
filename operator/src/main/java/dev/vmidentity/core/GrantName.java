package dev.vmidentity.core;

import dev.vmidentity.core.RoleAssignments.Assignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.UUID;

/**
 * The names under which one binding's role assignments are made. Azure lets whoever makes one choose its name, and a name
 * that is computed from all that there is to know is a memory that needs no keeping: what we made is found again, and what
 * is not named so is not ours.
 *
 * @param cluster uid of the cluster
 * @param binding uid of the binding
 */
public record GrantName(String cluster, String binding) {
    /** The name of the assignment of that role to that principal at that scope. */
    public String of(String principal, String role, RoleScope scope) {
        String all = String.join("\n", cluster, binding, principal, role, scope.key())
                .toLowerCase(Locale.ROOT);
        ByteBuffer digest = ByteBuffer.wrap(sha256(all));
        // The form of a version 8 UUID (RFC 9562): one's own, of a hash.
        long high = (digest.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
        long low = (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** The assignment that the binding makes for it. */
    public Assignment assignment(String principal, String role, RoleScope scope) {
        return new Assignment(scope, of(principal, role, scope), principal, role, false);
    }

    /** Whether the binding made it: by its name, and by what it gives to whom. One with a condition we never make. */
    public boolean made(Assignment assignment) {
        return !assignment.conditional()
                && assignment
                        .name()
                        .equalsIgnoreCase(of(assignment.principal(), assignment.role(), assignment.scope()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
