/**
 * The Azure simulator: how it is started, from a command line or inside a test, and how it is controlled. What it answers is decided in
 * {@code arm}; what it knows is in {@code model}; it must never know who its clients are. Tests beside it speak HTTPS to it.
 */
@NullMarked
package dev.vmidentity.simulator;

import org.jspecify.annotations.NullMarked;
