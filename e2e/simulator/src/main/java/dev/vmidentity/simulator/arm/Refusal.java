package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.http.Answer;

/** A request that ends here with an error answer. Control flow, not a defect: it carries no stack. */
public final class Refusal extends RuntimeException {
    private final transient Answer answer;

    public Refusal(Answer answer) {
        super(answer.text(), null, false, false);
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
