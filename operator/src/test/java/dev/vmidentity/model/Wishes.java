package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.Asking.Manner;
import dev.vmidentity.binding.Asking.OwnIdentity;
import dev.vmidentity.core.IdentityKey;
import java.util.List;
import java.util.Set;

/** What the bindings of one machine want, by the words of the API's documentation and not by the product's code. */
record Wishes(List<Asking> all) {
    private static final Set<OwnIdentity> ON = Set.of(OwnIdentity.ENABLED, OwnIdentity.ENABLED_ADOPT);
    private static final Set<OwnIdentity> OFF = Set.of(OwnIdentity.DISABLED);

    Wishes {
        all = all.stream().filter(asking -> !asking.deleting()).toList();
    }

    static boolean observes(Asking asking) {
        return asking.manner() == Manner.OBSERVED || asking.manner() == Manner.OBSERVED_EXCLUSIVE;
    }

    static boolean asks(Asking asking, IdentityKey id) {
        if (asking.deleting() || observes(asking)) {
            return false;
        }
        return id.isSystemAssigned()
                ? ON.contains(asking.system())
                : asking.listed().stream().anyMatch(listed -> listed.allowed() && is(listed, id));
    }

    /** Whether all of it is known, allowed and to be done, and it says nothing of what others have there. */
    static boolean isPlain(Asking asking) {
        return asking.complete()
                && asking.manner() == Manner.SHARED
                && asking.listed().stream().allMatch(Asking.Listed::allowed)
                && asking.system() != OwnIdentity.REFUSED
                && asking.system() != OwnIdentity.DISABLED;
    }

    /** The smallest batch that any of them bounds; 0 where none asks for instances to be upgraded. */
    int upgradesAtOnce() {
        return all.stream()
                .filter(asking -> asking.upgradesAtOnce() > 0 && !observes(asking))
                .mapToInt(Asking::upgradesAtOnce)
                .min()
                .orElse(0);
    }

    /** Whether they are to be brought to the latest model: one asks for that, and all else that it asks for is there. */
    boolean upgrades(Set<IdentityKey> there) {
        return all.stream()
                .filter(asking -> asking.upgradesAtOnce() > 0 && isPlain(asking))
                .anyMatch(asking -> World.everyId().stream().allMatch(id -> !asks(asking, id) || there.contains(id)));
    }

    boolean wants(IdentityKey id) {
        return id.isSystemAssigned()
                ? someSay(ON) && !someSay(OFF)
                : all.stream().anyMatch(asking -> asks(asking, id));
    }

    /** Whether all who want it would rather not have it than change the machine's default identity. */
    boolean isGuarded(IdentityKey id) {
        return wants(id) && asking(id).stream().allMatch(Asking::blocks);
    }

    /** Who asks for it. */
    List<Asking> asking(IdentityKey id) {
        return all.stream().filter(asking -> asks(asking, id)).toList();
    }

    /** Whether it is to go, whoever put it there. */
    boolean forbids(IdentityKey id) {
        if (id.isSystemAssigned()) {
            return someSay(OFF) && !someSay(ON) && !someMayNotSay();
        }
        return all.stream().anyMatch(asking -> asking.manner() == Manner.EXCLUSIVE) && isWhole() && !isListed(id);
    }

    /** Whether somebody who may not ask for it does, or not all that is asked is known, or bindings disagree. */
    boolean leaves(IdentityKey id) {
        if (wants(id) || forbids(id)) {
            return false;
        }
        boolean spokenOf = id.isSystemAssigned() ? someMayNotSay() || someSay(ON) : isListed(id);
        return spokenOf || !isWhole();
    }

    boolean adopts(IdentityKey id) {
        return id.isSystemAssigned()
                ? someSay(Set.of(OwnIdentity.ENABLED_ADOPT)) && wants(id)
                : all.stream()
                        .filter(asking -> asks(asking, id))
                        .flatMap(asking -> asking.listed().stream())
                        .anyMatch(listed -> listed.adopt() && is(listed, id));
    }

    private boolean isWhole() {
        return all.stream().allMatch(Asking::complete);
    }

    private boolean isListed(IdentityKey id) {
        return all.stream().flatMap(asking -> asking.listed().stream()).anyMatch(listed -> is(listed, id));
    }

    private boolean someSay(Set<OwnIdentity> what) {
        return all.stream().anyMatch(asking -> !observes(asking) && what.contains(asking.system()));
    }

    private boolean someMayNotSay() {
        return all.stream()
                .anyMatch(asking -> asking.system() == OwnIdentity.REFUSED
                        || (observes(asking) && asking.system() != OwnIdentity.NOTHING));
    }

    private static boolean is(Asking.Listed listed, IdentityKey id) {
        return IdentityKey.of(listed.id()).equals(id);
    }
}
