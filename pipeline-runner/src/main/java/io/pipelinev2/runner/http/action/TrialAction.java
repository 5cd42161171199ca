package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.runner.http.exchange.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to one trial; the same as on the command line.
 *
 * @param name its name, as a command's
 * @param summary what it does, in words
 * @param body what may be said with it, beside the version that was seen and a reason
 * @param verb does it; returns what was done in words, or a deployment that is to be as it was asked for
 * @param words what is about to happen to a deployment, in words that go on after the trial's name
 */
public record TrialAction(
        String name,
        String summary,
        List<Parameter> body,
        Function<Change, Object> verb,
        BiFunction<Deployment, HomeDesk, String> words) {

    private static final Parameter REASON = Parameter.text("reason", "Why, for the record.");
    private static final Parameter VERSION = Parameter.text(
                    "expected_version",
                    "The `version` of the trial as you saw it; it is refused (409) if the trial has moved on. `*` for any.")
            .needed();

    /** The states that orders may be brought into by a halt. */
    static final List<String> HALTS = List.of(TradingState.HALTED.label(), TradingState.REDUCING.label());

    public TrialAction {
        List<Parameter> all = new ArrayList<>(List.of(VERSION));
        all.addAll(body);
        if (body.stream().noneMatch(parameter -> parameter.name().equals(REASON.name()))) {
            all.add(REASON);
        }
        body = List.copyOf(all);
    }

    public static List<TrialAction> all() {
        List<TrialAction> all = new ArrayList<>(ofStages());
        all.addAll(ofDeployments());
        all.addAll(ofPreferences());
        return all;
    }

    private static List<TrialAction> ofStages() {
        Parameter stage = Parameter.text("stage", "The stage; default: the one that failed or waits.");
        return List.of(
                told(
                        "retry",
                        "Makes a stage of a trial due again, with all its attempts.",
                        List.of(
                                stage,
                                Parameter.flag(
                                        "from", "Those after it lose their results and are gone through again, too.")),
                        to -> to.operations()
                                .retry(
                                        to.key(),
                                        to.asked().text("stage"),
                                        to.asked().flag("from"),
                                        to.reason(),
                                        to.by())),
                told(
                        "skip",
                        "Leaves a stage of a trial out: the trial goes on as if it had passed.",
                        List.of(Parameter.text("stage", "The stage.").needed(), REASON.needed()),
                        to -> to.operations()
                                .skip(to.key(), String.valueOf(to.asked().text("stage")), to.reason(), to.by())),
                told(
                        "park",
                        "Holds a trial: nothing more is begun on it; what runs goes on to its end.",
                        List.of(REASON.needed()),
                        to -> to.operations().park(to.key(), to.reason(), to.by())),
                told(
                        "unpark",
                        "A parked trial goes on where it was.",
                        List.of(),
                        to -> to.operations().unpark(to.key(), to.reason(), to.by())),
                told(
                        "cancel",
                        "Ends a trial, as failed. An attempt that runs is told to end.",
                        List.of(REASON.needed()),
                        to -> to.operations().cancel(to.key(), to.reason(), to.by())));
    }

    private static List<TrialAction> ofDeployments() {
        return List.of(
                new TrialAction(
                        "deploy",
                        "A validated trial is to trade on paper, in a free slot.",
                        List.of(Parameter.flag(
                                "new_account", "With a new paper account; the one before stays as it is.")),
                        to -> to.asked().flag("new_account")
                                ? to.commands().deployAnew(to.key(), to.reason(), to.by())
                                : to.commands().deploy(to.key(), to.reason(), to.by()),
                        (wanted, desk) -> wanted.startedAt() == null
                                ? "starts its validated model with a new account."
                                : "starts its validated model with the account that it had."),
                new TrialAction(
                        "stop",
                        "Ends a trial's paper trader. It stays stopped until it is deployed by name.",
                        List.of(),
                        to -> to.commands().stop(to.key(), to.reason(), to.by()),
                        (wanted, desk) -> (wanted.status() == DeploymentStatus.RUNNING
                                        ? "is ended: SIGTERM to its process group, SIGKILL after %d s."
                                                .formatted(desk.stopGrace().toSeconds())
                                        : "has nothing that runs.")
                                + " Account, positions and ledger stay recorded; `deploy` goes on with them."),
                new TrialAction(
                        "restart",
                        "Ends a trial's paper trader and starts it again, with all its restarts.",
                        List.of(),
                        to -> to.commands().restart(to.key(), to.reason(), to.by()),
                        (wanted, desk) -> (wanted.status() == DeploymentStatus.RUNNING
                                        ? "is ended (SIGTERM, SIGKILL after %d s) and started again"
                                                .formatted(desk.stopGrace().toSeconds())
                                        : "is started again")
                                + " with all its restarts; its account goes on."),
                new TrialAction(
                        "reset",
                        "Starts a paper trader again that is down after crashes, with all its restarts.",
                        List.of(),
                        to -> to.commands().reset(to.key(), to.reason(), to.by()),
                        (wanted, desk) -> "gets all its restarts back and is started again; its account goes on."),
                new TrialAction(
                        "flatten",
                        "A paper trader sells all its positions at its next bar, and enters no more until it is resumed.",
                        List.of(),
                        to -> to.commands().flatten(to.key(), to.reason(), to.by()),
                        (wanted, desk) ->
                                "sells all positions at its next bar, on paper, and enters no more until it is resumed."),
                new TrialAction(
                        "halt",
                        "A paper trader gives no orders from its next bar on, or only sales. Its process goes on.",
                        List.of(Parameter.oneOf(
                                "state", HALTS, "`halted` (default): no orders; `reducing`: sales only.")),
                        to -> to.commands().halt(to.key(), halt(to.asked().text("state")), to.reason(), to.by()),
                        (wanted, desk) -> wanted.orders() == TradingState.REDUCING
                                ? "enters nothing more from its next bar on; sales still run, until it is resumed."
                                : "gives no orders from its next bar on, not even sales, until it is resumed; positions"
                                        + " stay as they are."),
                new TrialAction(
                        "resume",
                        "A paper trader gives all orders again: its own stops and what followed a flatten are over.",
                        List.of(),
                        to -> to.commands().resume(to.key(), to.reason(), to.by()),
                        (wanted, desk) -> "gives all orders again from its next bar on, on paper, unless all traders of"
                                + " this home are halted."));
    }

    private static List<TrialAction> ofPreferences() {
        return List.of(
                told(
                        "pin",
                        "A trial gets a slot before all that are not pinned, and keeps it whatever its rank.",
                        List.of(REASON.needed()),
                        to -> to.commands().preferences().pin(to.key(), to.reason(), to.by())),
                told(
                        "unpin",
                        "A trial is ranked as all others again.",
                        List.of(),
                        to -> to.commands().preferences().unpin(to.key(), to.reason(), to.by())),
                told(
                        "never",
                        "A trial is never deployed, whatever its rank. If it trades on paper, that is ended.",
                        List.of(),
                        to -> to.commands().preferences().never(to.key(), to.reason(), to.by())),
                told(
                        "readmit",
                        "Takes `never` back: a trial may be deployed again.",
                        List.of(),
                        to -> to.commands().preferences().readmit(to.key(), to.reason(), to.by())));
    }

    private static TrialAction told(String name, String summary, List<Parameter> body, Function<Change, Object> verb) {
        return new TrialAction(name, summary, body, verb, (wanted, desk) -> "");
    }

    static TradingState halt(@Nullable String state) {
        return state == null ? TradingState.HALTED : TradingState.of(state);
    }
}
