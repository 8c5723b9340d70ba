/**
 * The process: settings, putting everything together, start and stop, health and metrics.
 *
 * <p>Knows all other packages; nothing imports it. Decides nothing about identities or machines. Tests: settings as a
 * table and the HTTP endpoints in this package's test folder; the process as a whole in the end-to-end stories.
 */
@NullMarked
package dev.vmidentity.app;

import org.jspecify.annotations.NullMarked;
