/**
 * The model test: random histories of bindings, identities, machines, other people's writes, faults and deaths, against
 * the product's own workers, and what must hold during and after each.
 *
 * <p>{@link dev.vmidentity.model.Author} writes a {@link dev.vmidentity.model.History} from a seed, {@link
 * dev.vmidentity.model.World} plays it, {@link dev.vmidentity.model.Books} know whose every identity is (the operator is
 * not told), {@link dev.vmidentity.model.Rest} lets everything come to rest and looks. A broken {@link
 * dev.vmidentity.model.Promise} comes with the seed and the shortest history found that breaks it.
 *
 * <p>What histories contain is the list {@link dev.vmidentity.model.Happening}; each is counted when it took effect, and a
 * run of a few hundred in which one of them never happened fails.
 *
 * <p>What Block keeps away is judged by {@link dev.vmidentity.model.Guarded}: an attach when its request has its effect, if
 * the ledger first spoke of it after the machine was looked at last (what was let through goes on), and what is absent at
 * rest by what is on the machine then.
 *
 * <p>The bound on calls, which every history is held to. A <em>cause</em> is a change of anybody's, a fault, a death, or a
 * round that the history asked for. There is at most one PATCH for each cause (and twenty in the two hours at rest for each
 * identity that is wanted and does not exist), at most two GETs for each round on the average of a history, and at most one
 * poll for each round. At rest there is one GET for each four minutes and machine that is there (five, less the jitter), one
 * for each 24 seconds and machine that is not, and no write to Azure or to a ledger.
 *
 * <p>Most histories run on the fake of Azure, a thousand a minute and more; some on the SDK's adapter over the simulator,
 * since a fake alone repeats its author's beliefs. {@code make soak} plays thousands, {@code make soak SEED=N} one alone.
 */
@NullMarked
package dev.vmidentity.model;

import org.jspecify.annotations.NullMarked;
