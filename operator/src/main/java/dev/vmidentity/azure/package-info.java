/**
 * Azure over its own SDK: the ports of the core as {@link dev.vmidentity.azure.ArmMachines} and {@link
 * dev.vmidentity.azure.ArmIdentities}, and the one table from ARM's errors to faults.
 *
 * <p>Owns HTTP, ARM's JSON, its {@code type} strings and error texts, credentials and tokens; none of them leaves. The
 * only importer of {@code com.azure}. Must not know Kubernetes, bindings or ledgers. Enter by {@link
 * dev.vmidentity.azure.ArmClients#connect}. Tests: the table over recorded errors here, and the contracts of
 * {@code dev.vmidentity.fakes} over a simulated service.
 */
@NullMarked
package dev.vmidentity.azure;

import org.jspecify.annotations.NullMarked;
