/**
 * {@code VmIdentityBinding}: its reconciler, the coordinator that gives every machine one writer, the ledger, and the way
 * from a machine to its bindings.
 *
 * <p>A reconcile resolves a binding to a {@link dev.vmidentity.binding.Contribution}, submits its machine to the {@link
 * dev.vmidentity.binding.Coordinator} and renders status from the machine's last outcome; it never waits for Azure. Must
 * not know the SDK, nor the package {@code identity}. Tests: the coordinator against the fake of Azure and a ledger in
 * memory beside this package; the reconciler in the stories on a real API server.
 */
@NullMarked
package dev.vmidentity.binding;

import org.jspecify.annotations.NullMarked;
