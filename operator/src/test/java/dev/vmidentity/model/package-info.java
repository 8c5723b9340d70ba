/**
 * The model test: random histories of bindings, identities, machines, other people's writes, faults and deaths, against
 * the product's own workers, and what must hold during and after each.
 *
 * <p>{@link dev.vmidentity.model.Author} writes a {@link dev.vmidentity.model.History} from a seed, {@link
 * dev.vmidentity.model.World} plays it, {@link dev.vmidentity.model.Books} know whose every identity is (the operator is
 * not told), {@link dev.vmidentity.model.Rest} lets everything come to rest and looks. A broken {@link
 * dev.vmidentity.model.Promise} comes with the seed and the shortest history found that breaks it.
 *
 * <p>Most histories run on the fake of Azure, a thousand a minute and more; some on the SDK's adapter over the simulator,
 * since a fake alone repeats its author's beliefs. {@code -Dmodel.seed=N} replays one, {@code -Dmodel.histories=N} plays
 * more.
 */
@NullMarked
package dev.vmidentity.model;

import org.jspecify.annotations.NullMarked;
