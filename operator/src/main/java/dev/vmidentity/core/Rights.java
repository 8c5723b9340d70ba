package dev.vmidentity.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a cluster admin lets a namespace do, verb by verb. Without a word from the admin nothing is allowed, unless the
 * operator was installed with defaults; an annotation on the namespace replaces the default of its verb.
 *
 * @param targets machines that it may bind
 * @param assign identities that it may use
 * @param manage where it may create and delete identities
 * @param allow what is dangerous enough to be named on its own
 * @param grant where it may assign roles
 * @param roles which ones
 */
public record Rights(Scopes targets, Scopes assign, Scopes manage, Set<Allowance> allow, Scopes grant, Roles roles) {
    public static final String TARGETS = "vmidentity.dev/targets";
    public static final String ASSIGN = "vmidentity.dev/assign";
    public static final String MANAGE = "vmidentity.dev/manage";
    public static final String ALLOW = "vmidentity.dev/allow";
    public static final String GRANT = "vmidentity.dev/grant";
    public static final String ROLES = "vmidentity.dev/roles";

    public static final Rights NONE = new Rights(Scopes.NONE, Scopes.NONE, Scopes.NONE, Set.of());

    public Rights {
        allow = Set.copyOf(allow);
    }

    /** Of a namespace that may assign no roles. */
    public Rights(Scopes targets, Scopes assign, Scopes manage, Set<Allowance> allow) {
        this(targets, assign, manage, allow, Scopes.NONE, Roles.NONE);
    }

    /** Words of {@link #ALLOW}. */
    public enum Allowance {
        /** {@code systemAssigned.enabled: false}. */
        DISABLE_SYSTEM_ASSIGNED("DisableSystemAssigned"),
        /** {@code adoptionPolicy: Adopt}. */
        ADOPT("Adopt"),
        /** {@code ownership: Exclusive}. */
        EXCLUSIVE("Exclusive"),
        /** {@code target.selector}. */
        SELECTOR("Selector");

        private final String word;

        Allowance(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        private static Optional<Allowance> of(String text) {
            for (Allowance allowance : values()) {
                if (allowance.word.equalsIgnoreCase(text)) {
                    return Optional.of(allowance);
                }
            }
            return Optional.empty();
        }
    }

    /** Reads the annotations of a namespace; what they do not speak of is as in {@code defaults}. */
    public static Rights of(Map<String, String> annotations, Rights defaults) {
        return new Rights(
                scopes(annotations, TARGETS, defaults.targets),
                scopes(annotations, ASSIGN, defaults.assign),
                scopes(annotations, MANAGE, defaults.manage),
                annotations.containsKey(ALLOW) ? allowances(annotations.get(ALLOW)) : defaults.allow,
                scopes(annotations, GRANT, defaults.grant),
                annotations.containsKey(ROLES) ? Roles.parse(annotations.get(ROLES)) : defaults.roles);
    }

    /** Reads words separated by commas or white space; unknown ones allow nothing. */
    public static Set<Allowance> allowances(String text) {
        Set<Allowance> allowances = EnumSet.noneOf(Allowance.class);
        for (String word : Scopes.words(text)) {
            Allowance.of(word).ifPresent(allowances::add);
        }
        return allowances;
    }

    public boolean mayDo(Allowance allowance) {
        return allow.contains(allowance);
    }

    private static Scopes scopes(Map<String, String> annotations, String key, Scopes otherwise) {
        String text = annotations.get(key);
        return text == null ? otherwise : Scopes.parse(text);
    }
}
