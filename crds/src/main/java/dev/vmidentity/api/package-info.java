/**
 * The API, group {@code vmidentity.dev}: the three kinds as records, the closed sets of condition types and reasons, and the
 * name of a ledger. The CRDs under {@code deploy/crds} are generated from this package; what a schema or a CEL rule says is
 * an annotation here.
 *
 * <p>It knows Kubernetes' object model and JSON, and nothing else: not how an identity is attached, not Azure's API. The
 * records hold what was written, defaults included, and decide nothing.
 *
 * <p>Three habits hold everywhere. What JSON may lack is {@code @Nullable}; lists and maps are never null, never
 * changeable, and are not written when empty. A field with a default in the schema has the same default in its record. An
 * enum value that this version does not know reads as {@code Unknown} and means "not known": it must never lead to a
 * write to Azure, and it is refused by the API server if it is ever sent back.
 *
 * <p>Tests: {@code src/test/java} of this module (JSON, names, drift of the generated files), and
 * {@code src/test/resources/examples}, manifests that a real API server accepts or refuses.
 */
@NullMarked
package dev.vmidentity.api;

import org.jspecify.annotations.NullMarked;
