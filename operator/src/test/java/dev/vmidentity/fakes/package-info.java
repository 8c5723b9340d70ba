/**
 * An Azure in memory, and the contracts that it and the adapter to the real one both keep.
 *
 * <p>Owns {@link dev.vmidentity.fakes.FakeAzure}, whose operations, mishaps and foreign writers a test scripts, and
 * the suites {@link dev.vmidentity.fakes.MachinesContract} and {@link dev.vmidentity.fakes.IdentitiesContract}, which
 * lay out their world through {@link dev.vmidentity.fakes.Ground}. Must not know the Azure SDK: a fake alone repeats
 * its author's beliefs, so the contracts also run over the adapter and a simulated service, in
 * {@code dev.vmidentity.azure}.
 */
@NullMarked
package dev.vmidentity.fakes;

import org.jspecify.annotations.NullMarked;
