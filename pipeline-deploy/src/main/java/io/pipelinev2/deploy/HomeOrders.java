package io.pipelinev2.deploy;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.PipelineStore;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Which orders all traders of a home may give. The {@link KillSwitch} is what traders go by; the store's setting and events
 * are the record of who asked for what. So a halt is in force even if the database cannot be written. Nothing but a
 * successful {@link #resume} ends one that is on record: whoever supervises writes a file that was removed again. One that
 * is not, because somebody made the file by hand, ends with the file, too.
 */
public final class HomeOrders {

    /** The store's setting that holds the label of the {@link TradingState} that was asked for last. */
    public static final String SETTING = "orders";

    private final PipelineStore store;
    private final KillSwitch killSwitch;

    /** @param home the pipeline's home */
    public HomeOrders(PipelineStore store, Path home) {
        this.store = store;
        this.killSwitch = new KillSwitch(home);
    }

    /** What holds now, by the kill switch itself. */
    public KillSwitch.Position position() {
        return killSwitch.position();
    }

    /**
     * From now on no trader of the home gives orders, or only sales. Positions stay as they are, and processes go on.
     *
     * @param orders {@link TradingState#REDUCING} or {@link TradingState#HALTED}
     * @param reason why, in words; may be empty
     * @return what was done, in words
     * @throws PipelineException if the kill switch cannot be written, or the store cannot; the switch holds in the second case
     */
    public String halt(TradingState orders, String reason, Operator by) {
        if (orders == TradingState.ACTIVE) {
            throw new IllegalArgumentException("to let all orders be given again is to resume");
        }
        KillSwitch.Position before = killSwitch.position();
        if (before.orders() == orders && isRecorded(orders)) {
            return "All traders of this home are %s already%s. `resume` ends that."
                    .formatted(orders.label(), before.words().isEmpty() ? "" : ": " + before.words());
        }
        Instant now = store.now();
        String who = "by " + by.name() + DeploymentCommands.words(reason);
        // first, because it is what counts, and needs no database
        killSwitch.set(orders, "at " + now + " " + who);
        record(orders, EventType.OPERATOR_HALT, orders.label() + " " + who, by, now);
        return "All traders of this home are %s from their next bar on: they %s, on paper. Their processes go on. `resume` ends that."
                .formatted(orders.label(), meaning(orders));
    }

    /**
     * The traders of the home give all orders again that nothing else forbids them.
     *
     * @param reason why, in words; may be empty
     * @return what was done, in words
     * @throws PipelineException if the store cannot be written, or the kill switch not be removed; it holds then
     */
    public String resume(String reason, Operator by) {
        KillSwitch.Position before = killSwitch.position();
        if (before.orders() == TradingState.ACTIVE && isRecorded(TradingState.ACTIVE)) {
            return "The traders of this home are not halted.";
        }
        Instant now = store.now();
        record(
                TradingState.ACTIVE,
                EventType.OPERATOR_RESUME,
                "resumed by " + by.name() + DeploymentCommands.words(reason),
                by,
                now);
        killSwitch.lift();
        return "The traders of this home give orders again from their next bar on, on paper. One that was halted by itself or"
                + " by its own stop stays so until `resume` names it.";
    }

    /** Whether this is what was asked for last. Of a file made by hand, or in vain, nobody wrote that down. */
    private boolean isRecorded(TradingState orders) {
        return store.read(tx -> tx.setting(SETTING))
                .orElse(TradingState.ACTIVE.label())
                .equals(orders.label());
    }

    private void record(TradingState orders, EventType type, String message, Operator by, Instant now) {
        store.writeAfresh(tx -> {
            tx.put(SETTING, orders.label());
            tx.append(Event.byOperator(now, type, null, null, by, message));
            return orders;
        });
    }

    /** What a state means for orders, in words. */
    static String meaning(TradingState orders) {
        return switch (orders) {
            case ACTIVE -> "give all orders that their models decide";
            case REDUCING -> "enter nothing more; sales still run";
            case HALTED -> "give no orders at all, not even sales; positions stay as they are";
        };
    }
}
