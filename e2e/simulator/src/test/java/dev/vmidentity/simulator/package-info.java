/** Tests of the simulator over TLS, as a client of Azure would see it. */
@NullMarked
package dev.vmidentity.simulator;

import org.jspecify.annotations.NullMarked;
