package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.Ledger.Content;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has to be kept of a ledger to go on with its account: the opening, and as many bars as an observation needs. */
final class Recollection implements Ledger.Visitor {

    private final Deque<Content> bars = new ArrayDeque<>();
    private @Nullable Opening opening;
    private @Nullable Content trading;

    @Override
    public void line(String kind, Content content) {
        switch (kind) {
            case LedgerLine.OPEN -> opening = Opening.from(content.parse().read());
            case LedgerLine.BAR -> {
                bars.add(content);
                if (opening != null && bars.size() > opening.parameters().lookback()) {
                    bars.remove();
                }
            }
            case LedgerLine.TRADING -> trading = content;
            default -> {
                // It tells what happened, not where the account stands.
            }
        }
    }

    @Nullable
    Opening opening() {
        return opening;
    }

    /** Where the account stands, or null if no bar was traded yet. */
    Game.@Nullable Standing standing(Opening opened) {
        Content last = bars.peekLast();
        if (last == null) {
            return null;
        }
        List<Bar> newest = new ArrayList<>(opened.beginning());
        for (Content bar : bars) {
            newest.add(Bars.from(bar.parse().read()));
        }
        return new Game.Standing(
                BarEntry.from(last.parse().read()),
                newest.subList(newest.size() - opened.parameters().lookback(), newest.size()));
    }

    /** Which orders could be given when it was last written down. */
    Permission permission() {
        if (trading == null) {
            return Permission.ALL;
        }
        Fields fields = trading.parse().read();
        return new Permission(TradingState.of(fields.text("state")), fields.textOrNull("reason"));
    }

    /** What an operator had asked for then. */
    Permission asked() {
        if (trading == null) {
            return Permission.ALL;
        }
        Fields fields = trading.parse().read();
        return fields.has("asked")
                ? new Permission(TradingState.of(fields.text("asked")), fields.textOrNull("asked_reason"))
                : Permission.ALL;
    }
}
