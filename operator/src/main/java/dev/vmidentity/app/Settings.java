package dev.vmidentity.app;

import dev.vmidentity.azure.AzureSettings;
import dev.vmidentity.core.Rights;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator is told at its start.
 *
 * @param azure which cloud, and as whom
 * @param defaultSubscription of identities and machines that name none
 * @param instance the name of this installation, written into every ledger
 * @param http where health and metrics are served; port 0 is any free one
 * @param observeInterval how often what is well is looked at
 * @param absentInterval how often what is awaited is looked for
 * @param goneAfter how far apart two answers that something is not there must be
 * @param pollInterval how soon an operation of Azure is asked after, where Azure does not say
 * @param selectorInterval how often is asked which machines match a selector
 * @param mostOrphans how many identities whose bindings vanished without a deletion are detached without asking
 * @param defaultRights what a namespace may do whose annotations do not say
 */
public record Settings(
        AzureSettings azure,
        Optional<String> defaultSubscription,
        String instance,
        InetSocketAddress http,
        Duration observeInterval,
        Duration absentInterval,
        Duration goneAfter,
        Duration pollInterval,
        Duration selectorInterval,
        int mostOrphans,
        Rights defaultRights) {

    /** What came of reading them. */
    public sealed interface Reading {
        /** @param doubts sentences about names that look like settings and are none */
        record Valid(Settings settings, List<String> doubts) implements Reading {
            public Valid {
                doubts = List.copyOf(doubts);
            }
        }

        /** @param errors sentences that each name the variable, all at once */
        record Invalid(List<String> errors) implements Reading {
            public Invalid {
                errors = List.copyOf(errors);
            }
        }
    }

    /**
     * Reads the environment, and the properties file that its {@code VMIDENTITY_SETTINGS_FILE} names. Both have the same
     * names; what is in both is as the environment has it. A value of blanks alone counts as none.
     */
    public static Reading read(Map<String, String> environment) {
        return new SettingsReader(environment).read();
    }
}
