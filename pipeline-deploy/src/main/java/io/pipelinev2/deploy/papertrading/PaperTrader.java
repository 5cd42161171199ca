package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.market.MalformedMarketDataException;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.feed.BarFeed;
import io.pipelinev2.deploy.papertrading.feed.FeedException;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.papertrading.feed.Feeds;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process that trades one deployment on paper, started by the pipeline in the deployment's state directory.
 *
 * <p>On SIGTERM it finishes the bar it is at, saves, writes {@code exit.json} and exits with 0, at once even while it waits
 * for the next bar. Exit codes are those of sysexits: 64 to 78 mean that starting again would not help.
 */
public final class PaperTrader {

    private static final long LAST_WORDS_SECONDS = 5;

    private static final Duration FIRST_BARS = Duration.ofSeconds(5);

    /** How long followed files may make no sense at the start before that is taken for lasting. */
    private static final Duration REPAIR = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Path directory;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final Clock clock;
    private final StopSignal stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int code = ExitCode.INTERNAL;

    private PaperTrader(
            Path directory, Map<String, String> environment, PrintStream out, Clock clock, StopSignal stop) {
        this.directory = directory.toAbsolutePath().normalize();
        this.environment = environment;
        this.out = out;
        this.clock = clock;
        this.stop = stop;
    }

    /**
     * Trades until the process is asked to end by SIGTERM, or cannot go on.
     *
     * @param stateDirectory the deployment's state directory, with the {@code trader.json} of this start
     * @return the exit code that the process should end with
     */
    public static int run(Path stateDirectory) {
        return run(stateDirectory, System.getenv(), System.out, Clock.system(), new StopSignal());
    }

    static int run(
            Path stateDirectory, Map<String, String> environment, PrintStream out, Clock clock, StopSignal stop) {
        return new PaperTrader(stateDirectory, environment, out, clock, stop).run();
    }

    private int run() {
        Thread onTerm = new Thread(this::endOnSignal, "stop");
        Runtime.getRuntime().addShutdownHook(onTerm);
        try {
            code = trade();
        } finally {
            ended.countDown();
            forget(onTerm);
        }
        return code;
    }

    /** Runs while the process is being ended by a signal, which by itself would make it exit with 143. */
    private void endOnSignal() {
        stop.request();
        boolean inTime;
        try {
            inTime = ended.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            inTime = false;
        }
        out.flush();
        Runtime.getRuntime().halt(inTime ? code : ExitCode.FAILED);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs at this moment and ends the process.
        }
    }

    private int trade() {
        @Nullable TraderFile trader = null;
        try {
            trader = requireOurs(TraderFile.read(directory));
            play(trader);
            return end(trader, ExitCode.OK, "asked to end");
        } catch (TradingRefusedException e) {
            return end(trader, e.exitCode(), String.valueOf(e.getMessage()));
        } catch (FeedException e) {
            return end(trader, ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            return end(trader, ExitCode.FAILED, "A file could not be read: " + e.getCause() + ".");
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException missing && missing.getReason() != null
                    ? missing.getReason()
                    : e.toString();
            return end(trader, ExitCode.FAILED, "A file could not be read or written: " + why + ".");
        } catch (PipelineException | IllegalArgumentException | MalformedException e) {
            return end(trader, ExitCode.DATA, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace(out);
            return end(trader, ExitCode.INTERNAL, "A fault of the trader itself: " + e + ". Its log has the details.");
        }
    }

    private TraderFile requireOurs(TraderFile trader) {
        // Started by hand it would hold no lock, and two of them would trade one account.
        if (!trader.nonce().equals(environment.get(ProcessTable.NONCE_VARIABLE))) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION,
                    "The trader of deployment " + trader.deployment()
                            + " is started by the pipeline alone, which makes sure that there is one. Use `deploy` or"
                            + " `restart`.");
        }
        return trader;
    }

    private void play(TraderFile trader) throws IOException {
        ActorModel model = model(trader);
        TradingRules rules = TradingRules.recorded(trader.environment());
        Pulse pulse = new Pulse(directory, trader, clock);
        try (Account.Found found = Account.find(directory, clock)) {
            Opening opening = found.recollection().opening();
            if (opening == null && found.ledger().lastSequence() > 0) {
                throw new TradingRefusedException(
                        ExitCode.DATA,
                        "The ledger in " + directory
                                + " does not begin with the opening of an account. It is left as it"
                                + " is. Restore the directory from a backup, or `stop` the trial and `deploy --new-account` it.");
            }
            AgentParameters parameters =
                    opening == null ? Parameters.of(trader.parameters(), rules) : opening.parameters();
            try (BarFeed feed = feed(trader, parameters.lookback())) {
                Account account;
                if (opening == null) {
                    List<Bar> beginning = beginning(feed, parameters.lookback(), rules.initialCapital(), pulse);
                    if (beginning.isEmpty()) {
                        return;
                    }
                    account = Account.begin(
                            found,
                            new Opening(
                                    trader.deployment(),
                                    trader.trial(),
                                    trader.modelSha256(),
                                    rules,
                                    parameters,
                                    trader.periodsPerYear(),
                                    feed.assetNames(),
                                    beginning),
                            model,
                            trader);
                } else {
                    account = patiently(trader, () -> Account.resume(found, opening, model, trader, directory, feed));
                    if (!opening.rules().equals(rules)) {
                        account.notice(List.of("the rules of the validation have changed since the account was opened;"
                                + " it goes on by those that it was opened with"));
                    }
                }
                trade(trader, account, feed, found.recollection(), pulse);
            }
        }
    }

    private void trade(TraderFile trader, Account account, BarFeed feed, Recollection before, Pulse pulse)
            throws IOException {
        try (account) {
            say("PAPER trading of " + trader.trial() + " goes on from step " + account.step() + " with equity "
                    + account.equity() + "; no order leaves this machine");
            // What reading model and bars left behind would otherwise fill a heap that is never full for days.
            System.gc();
            new TradingLoop(
                            directory,
                            feed,
                            account,
                            new KillSwitch(trader.killFile()),
                            before.permission(),
                            before.asked(),
                            pulse,
                            stop,
                            clock)
                    .run();
            say("PAPER trading of " + trader.trial() + " ends at step " + account.step() + " with equity "
                    + account.equity());
        }
    }

    /** The bars that an account begins with, which a feed in real time may still have to get; empty if it is to end. */
    private List<Bar> beginning(BarFeed feed, int count, double capital, Pulse pulse) throws IOException {
        while (!stop.isRequested()) {
            List<Bar> bars = feed.beginning(count);
            if (bars.size() >= count) {
                return bars;
            }
            pulse.beforeTheFirstBar(
                    capital, "waits for the first " + count + " bars of its feed, which has " + bars.size());
            stop.await(FIRST_BARS);
        }
        return List.of();
    }

    private BarFeed feed(TraderFile trader, int lookback) throws IOException {
        MarketSource data = trader.data();
        if (data == null) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION,
                    "trader.json names no market data. Configure data.directory and `restart`.");
        }
        // Beside the switch of the home, so that traders which ask one endpoint share what they got.
        Path shared = trader.killFile() == null ? directory : trader.killFile().getParent();
        Path sharedDirectory = (shared == null ? directory : shared).resolve("feeds");
        return patiently(
                trader, () -> Feeds.open(trader.feed(), data, trader.pace(), lookback, clock, sharedDirectory));
    }

    private interface Attempt<T> {
        T make() throws IOException;
    }

    /** Followed files may be being written or repaired at this very moment, which a feed that is open waits for, too. */
    private <T> T patiently(TraderFile trader, Attempt<T> attempt) throws IOException {
        long patience = clock.nanoTime() + REPAIR.toNanos();
        while (true) {
            try {
                return attempt.make();
            } catch (MalformedMarketDataException | FeedException | NoSuchFileException e) {
                if (!(trader.feed() instanceof FeedSettings.Follow)
                        || stop.isRequested()
                        || clock.nanoTime() >= patience) {
                    throw e;
                }
                stop.await(LOOK_AGAIN);
            }
        }
    }

    private static ActorModel model(TraderFile trader) throws IOException {
        try {
            ActorModel model = ActorModel.read(trader.model());
            if (!model.sha256().equals(trader.modelSha256())) {
                throw new TradingRefusedException(
                        ExitCode.DATA,
                        "The file " + trader.model() + " has the hash " + model.sha256() + ", but the model that was"
                                + " validated has " + trader.modelSha256()
                                + ". Restore the copy, or `retry` the trial's backtest.");
            }
            return model;
        } catch (NoSuchFileException e) {
            throw new TradingRefusedException(
                    ExitCode.NO_INPUT,
                    "The copy of the validated model, " + trader.model()
                            + ", is not there. Restore it, or `retry` the trial's backtest.",
                    e);
        }
    }

    private int end(@Nullable TraderFile trader, int with, String reason) {
        say("PAPER trader ends with exit code " + with + ": " + reason);
        String nonce = environment.get(ProcessTable.NONCE_VARIABLE);
        if (trader != null && nonce != null) {
            try {
                new ExitRecord(nonce, with, reason, clock.now()).writeTo(directory);
            } catch (IOException e) {
                say("Cannot write " + ExitRecord.NAME + ": " + e);
            }
        }
        return with;
    }

    private void say(String line) {
        out.println(clock.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
        out.flush();
    }
}
