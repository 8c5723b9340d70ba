/**
 * The exhaustive exploration of the ledger protocol: every state that a small world can reach, driven by the product's
 * own {@link dev.vmidentity.core.Protocol}.
 *
 * <p>{@link dev.vmidentity.core.exploration.World} says what may happen, {@link
 * dev.vmidentity.core.exploration.State} what there is, {@link dev.vmidentity.core.exploration.Surroundings} and {@link
 * dev.vmidentity.core.exploration.Operators} what happens next, {@link dev.vmidentity.core.exploration.Promises} what must
 * hold, {@link dev.vmidentity.core.exploration.Search} goes everywhere, breadth first, so that a broken promise comes with
 * its shortest history, and {@link dev.vmidentity.core.exploration.Safeguard} takes the protocol's safeguards away, one
 * by one. The model knows whose the identity is; the protocol is not told.
 */
@NullMarked
package dev.vmidentity.core.exploration;

import org.jspecify.annotations.NullMarked;
