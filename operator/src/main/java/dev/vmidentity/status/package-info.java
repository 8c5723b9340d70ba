/**
 * From what is known to what a person reads: conditions, the status of the three kinds, and the sentences about faults.
 *
 * <p>The one place that stamps time and generation. Pure: depends on the core and the API's records, the moment comes in
 * as an argument, equal arguments give an equal status. Must not know the Kubernetes client or Azure's SDK. Tests: tables in
 * this package's test folder, one row for each fault and each state.
 */
@NullMarked
package dev.vmidentity.status;

import org.jspecify.annotations.NullMarked;
