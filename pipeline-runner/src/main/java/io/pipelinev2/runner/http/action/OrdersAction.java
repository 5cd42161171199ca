package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator may do to the orders of all traders of a home at once. */
public enum OrdersAction {
    HALT(
            "halt",
            "Halt all paper traders?",
            "All paper traders of this home give no orders from their next bar on, or only sales.",
            "Their processes go on and positions stay as they are, until all are resumed. They go by a file in the"
                    + " home, so this holds even while the database or the daemon is down.",
            List.of(
                    Parameter.oneOf(
                            "state", TrialAction.HALTS, "`halted` (default): no orders; `reducing`: sales only."),
                    Parameter.text("reason", "Why, for the record."))),
    RESUME(
            "resume",
            "Let all paper traders give orders again?",
            "The paper traders of this home give all orders again that nothing else forbids them.",
            "A trader that is halted by itself, or that its own stops have halted, stays so.",
            List.of(Parameter.text("reason", "Why, for the record.")));

    private final String verb;
    private final String question;
    private final String summary;
    private final String words;
    private final List<Parameter> body;

    OrdersAction(String verb, String question, String summary, String words, List<Parameter> body) {
        this.verb = verb;
        this.question = question;
        this.summary = summary;
        this.words = words;
        this.body = body;
    }

    public String verb() {
        return verb;
    }

    /** Where it is asked for. */
    public String path() {
        return "/orders/" + verb;
    }

    /** What its page is called. */
    public String heading() {
        return this == HALT ? "Halt all" : "Resume all";
    }

    /** What is asked before it is done. */
    public String question() {
        return question;
    }

    /** What it does, in words. */
    public String summary() {
        return summary;
    }

    /** What is to be known before it is done. */
    public String words() {
        return words;
    }

    /** What may be said with it. */
    public List<Parameter> body() {
        return body;
    }

    /** Into which state it brings all orders that are given, or null if it lets all be given. */
    @Nullable
    TradingState halts(Asked asked) {
        return this == HALT ? TrialAction.halt(asked.text("state")) : null;
    }

    /** Does it; returns what was done, in words. */
    String apply(HomeOrders orders, Asked asked, Operator by) {
        TradingState state = halts(asked);
        return state == null ? orders.resume(asked.reason(), by) : orders.halt(state, asked.reason(), by);
    }
}
