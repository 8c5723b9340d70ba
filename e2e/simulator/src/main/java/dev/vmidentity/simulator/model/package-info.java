/**
 * The world as values: subscriptions' resources, immutable, each replaced by compare-and-swap under its id, and the store that keeps them.
 * Knows no HTTP. What time does to a value (an operation ends) is computed when the value is read, so nothing here needs a timer.
 */
@NullMarked
package dev.vmidentity.simulator.model;

import org.jspecify.annotations.NullMarked;
