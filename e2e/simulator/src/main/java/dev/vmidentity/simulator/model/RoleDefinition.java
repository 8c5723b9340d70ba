package dev.vmidentity.simulator.model;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A custom role, or one of the built-in ones.
 *
 * @param id               {@code /subscriptions/…/providers/Microsoft.Authorization/roleDefinitions/{guid}}; built-in ones have no subscription
 * @param assignableScopes where it may be assigned
 */
public record RoleDefinition(
        String id,
        String roleName,
        String description,
        boolean builtIn,
        List<String> actions,
        List<String> notActions,
        List<String> dataActions,
        List<String> assignableScopes)
        implements Resource {

    /** Lower case. */
    public String guid() {
        return ArmId.key(name());
    }

    public boolean allows(String action) {
        return actions.stream().anyMatch(pattern -> matches(pattern, action))
                && notActions.stream().noneMatch(pattern -> matches(pattern, action));
    }

    /** Whether a pattern of actions covers one: {@code *} stands for anything, and {@code /*}{@code /} also for nothing: so the built-in Managed Identity Operator is written. */
    public static boolean matches(String pattern, String action) {
        var regex = new StringBuilder();
        for (var part : pattern.toLowerCase(Locale.ROOT).split("(?<=\\*)|(?=\\*)", -1)) {
            regex.append(part.equals("*") ? ".*" : Pattern.quote(part));
        }
        var lower = action.toLowerCase(Locale.ROOT);
        return lower.matches(regex.toString())
                || (pattern.contains("/*/") && matches(pattern.replaceFirst("/\\*/", "/"), action));
    }
}
