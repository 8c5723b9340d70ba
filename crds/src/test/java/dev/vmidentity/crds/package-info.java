/**
 * Makes the CRDs under {@code deploy/crds} from the records of {@code dev.vmidentity.api}, and {@code docs/reasons.md} from
 * its reasons, and lists the example manifests.
 *
 * <p>It lives among the tests because nothing of it is shipped. The generator reads annotations; {@link CrdSchema} adds what
 * they cannot say. A test compares what is generated with what is committed.
 */
@NullMarked
package dev.vmidentity.crds;

import org.jspecify.annotations.NullMarked;
