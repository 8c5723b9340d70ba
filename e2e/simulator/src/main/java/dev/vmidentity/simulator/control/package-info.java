/**
 * What a test turns and reads: settings, faults, the log of requests, the state, and {@code /_simulator/} that offers them over HTTP.
 */
@NullMarked
package dev.vmidentity.simulator.control;

import org.jspecify.annotations.NullMarked;
