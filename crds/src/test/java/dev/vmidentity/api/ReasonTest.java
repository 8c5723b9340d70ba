package dev.vmidentity.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void every_reason_says_in_sentences_what_it_means_and_what_to_do() {
        assertThat(Reason.values()).allSatisfy(reason -> {
            assertThat(reason.meaning()).as(reason.name()).matches("[A-Z][^|\\n]*\\.");
            assertThat(reason.whatToDo()).as(reason.name()).matches("[A-Z][^|\\n]*[.…]");
        });
    }

    @Test
    void whoever_must_do_something_is_told_what() {
        assertThat(Reason.values())
                .filteredOn(reason -> reason.outlook() == Reason.Outlook.NeedsAPerson)
                .allSatisfy(reason ->
                        assertThat(reason.whatToDo()).doesNotStartWith("Wait").isNotEqualTo("Nothing."));
    }
}
