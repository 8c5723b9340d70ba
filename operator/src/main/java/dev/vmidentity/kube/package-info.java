/**
 * The few things that more than one reconciler does with Kubernetes: write a status when it differs, say a change as an
 * Event, know what a namespace may do, know which cluster this is.
 *
 * <p>The Kubernetes client, the API's records and the core's values; no Azure, and no decision about an identity or a
 * machine. Tests: this package's test folder, against the client's mock server where an interaction with it matters. It
 * knows no server-side apply; what a real API server makes of a status is told by the end-to-end stories.
 */
@NullMarked
package dev.vmidentity.kube;

import org.jspecify.annotations.NullMarked;
