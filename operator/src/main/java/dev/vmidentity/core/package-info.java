/**
 * The pure core: what is wanted, what is seen, what is claimed, and what to do about it; and the ports to Azure in
 * our own words.
 *
 * <p>Owns the ledger protocol ({@link dev.vmidentity.core.Protocol}) and the planner ({@link
 * dev.vmidentity.core.Planner}). Depends on {@code java.*} alone, reads no clock and no environment, throws only for
 * bugs. Must not know Kubernetes, HTTP, ARM's JSON or the Azure SDK. Tests: the laws over small worlds and the
 * exploration of the protocol in this package's test folder.
 */
@NullMarked
package dev.vmidentity.core;

import org.jspecify.annotations.NullMarked;
