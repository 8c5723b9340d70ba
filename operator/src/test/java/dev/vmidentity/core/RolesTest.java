package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a namespace may assign, and where. */
final class RolesTest {
    private static final String IDS = "/providers/Microsoft.Authorization/roleDefinitions/";
    private static final String OWNER = IDS + "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    private static final String CUSTOM = IDS + "00000000-0000-4000-8000-000000000001";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Reader, Storage Blob Data Reader | storage blob data reader",
                "* | Contributor",
                "Owner | Owner",
                "*,Owner | owner",
                "Reader," + OWNER + " | /subscriptions/1111" + OWNER,
                CUSTOM + " | /subscriptions/1111" + CUSTOM,
            })
    void whatIsListedMayBeAssignedInAnySpelling(String annotation, String role) {
        assertThat(Roles.parse(annotation).allow(Role.of(role))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Reader | Contributor",
                "Storage Blob Data Reader | Reader",
                "* | Owner",
                "* | user access administrator",
                "* | Role Based Access Control Administrator",
                "* | Role Based Access Control Administrator (Preview)",
                "* | " + OWNER,
                "* | " + CUSTOM,
                "Owner | " + OWNER,
            })
    void whatMayGiveItselfEverythingAndWhatIsOnlyAnIdIsNotInTheStar(String annotation, String role) {
        assertThat(Roles.parse(annotation).allow(Role.of(role))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",,"})
    void withoutAWordNothingIsAllowed(String annotation) {
        assertThat(Roles.parse(annotation).allow(Role.of("Reader"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/subscriptions/1111",
                "/subscriptions/1111/",
                "/subscriptions/1111/resourceGroups/rg-data",
                "/subscriptions/1111/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/data",
                "/subscriptions/1111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a/blobServices/default"
                        + "/containers/logs",
                "/subscriptions/1111/resourceGroups/rg/providers/A.B/c/d/providers/E.F/g/h",
                "/subscriptions/1111/providers/Microsoft.Authorization/policyAssignments/p",
            })
    void aScopeIsASubscriptionAGroupOrAResourceOfAnyKind(String text) {
        assertThat(RoleScope.parse(text)).isPresent();
        assertThat(RoleScope.of(text)).isEqualTo(RoleScope.of(text.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "rg-data",
                "/subscriptions",
                "/subscriptions/../x",
                "/subscriptions/1111/resourceGroups",
                "/subscriptions/1111/resourceGroups/a?b",
                "/subscriptions/1111/resourceGroups/a%2fb",
                "/subscriptions/1111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts",
                "/providers/Microsoft.Management/managementGroups/all",
            })
    void whatIsNoneIsRefused(String text) {
        assertThat(RoleScope.parse(text)).isEmpty();
    }

    @Test
    void aGroupMayBeGrantedAndWhatIsInItIsWithIt() {
        Scopes grant = Scopes.parse("/subscriptions/1111/resourceGroups/rg");

        assertThat(grant.covers(RoleScope.of("/subscriptions/1111/resourceGroups/RG/providers/A.B/c/d")))
                .isTrue();
        assertThat(grant.covers(RoleScope.of("/subscriptions/1111/resourceGroups/rg2")))
                .isFalse();
        assertThat(grant.covers(RoleScope.of("/subscriptions/1111"))).isFalse();
    }
}
