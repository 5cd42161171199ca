package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Trades each bar as it comes until it is asked to end. */
final class TradingLoop {

    private final BarFeed feed;
    private final TradingEnvironment environment;
    private final Policy policy;
    private final Books books;
    private final StopSignal stop;
    private final Clock clock;
    private long savedAt;

    TradingLoop(BarFeed feed, Game game, Books books, StopSignal stop, Clock clock) {
        this.feed = feed;
        this.environment = game.environment();
        this.policy = game.policy();
        this.books = books;
        this.stop = stop;
        this.clock = clock;
    }

    void run() throws IOException {
        float[] state = new float[environment.stateDimension()];
        float[] action = new float[environment.assets()];
        savedAt = clock.nanoTime();
        Phase phase = Phase.TRADING;
        while (!stop.isRequested()) {
            Optional<Duration> wait = feed.untilBarAfter(environment.row());
            if (wait.isPresent() && wait.get().isZero()) {
                environment.observe(state);
                policy.act(state, action);
                environment.step(action);
                books.enterBar();
                savedAt = clock.nanoTime();
                phase = Phase.TRADING;
                continue;
            }
            Phase now = wait.isPresent() ? Phase.TRADING : Phase.IDLE;
            Duration untilHeartbeat = Heartbeat.INTERVAL.minusNanos(clock.nanoTime() - savedAt);
            if (now != phase || untilHeartbeat.isNegative() || untilHeartbeat.isZero()) {
                phase = now;
                save(phase);
                continue;
            }
            stop.await(wait.filter(bar -> bar.compareTo(untilHeartbeat) < 0).orElse(untilHeartbeat));
        }
        save(Phase.STOPPING);
    }

    private void save(Phase phase) throws IOException {
        books.save(phase);
        savedAt = clock.nanoTime();
    }
}
