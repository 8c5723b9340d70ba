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
 * <p>Bindings with selectors come to the workers through the product's own {@code Selections}. {@link
 * dev.vmidentity.model.Inventory} answers late, not at all, or without a machine; {@link dev.vmidentity.model.Reach} knows
 * which machines each selector matches and ever did: what the operator is told may be anything that ever was so, but what a
 * binding holds on a machine that has matched all the time it never lets go. At rest every machine that matches has what is
 * asked, every other has lost what is ours, and {@link dev.vmidentity.model.Selected} holds the counts in the status against
 * the machines. In every second history machines are looked at in bulk, as if there were thousands, and in every third
 * scale sets have instances that somebody has to upgrade.
 *
 * <p>The bound on calls, which every history is held to. A <em>cause</em> is a change of anybody's, a fault, a death, or a
 * round that the history asked for. There is at most one PATCH for each cause (and twenty in the two hours at rest for each
 * identity that is wanted and does not exist), at most two GETs for each round on the average of a history, and at most one
 * poll for each round. Of questions about many machines there is one at most for each cause (a new selector, a new process
 * and a failure each ask at once), one for each 48 seconds that a process has a selector (a minute, less the jitter), and one
 * for each round where machines are looked at in bulk; of GETs of machines that an inventory leaves out half as many (each is
 * asked at once, and then ever more seldom). At rest there is one GET for each four minutes and machine that is there (five, less the jitter), one
 * for each 24 seconds and machine that is not, and no write to Azure, to a ledger or to a status. What another binding, or
 * the brake, keeps is looked at no more often than that.
 *
 * <p>Most histories run on the fake of Azure, a thousand a minute and more; some on the SDK's adapter over the simulator,
 * since a fake alone repeats its author's beliefs. {@code make soak} plays thousands, {@code make soak SEED=N} one alone.
 */
@NullMarked
package dev.vmidentity.model;

import org.jspecify.annotations.NullMarked;
