/**
 * Azure Resource Manager and the providers behind it: routes, versions, bodies, errors. Recorded traffic decides; where none exists the
 * choice is written down in {@code COVERAGE.md}.
 */
@NullMarked
package dev.vmidentity.simulator.arm;

import org.jspecify.annotations.NullMarked;
