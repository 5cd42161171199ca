package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.core.Clock;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.feed.BarFeed;
import io.pipelinev2.deploy.papertrading.feed.FeedException;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import io.pipelinev2.deploy.papertrading.ledger.DamagedLedgerException;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A paper account: its game, its limits, and the ledger in which a bar counts once its line is on disk. If that fails the
 * account must not be used any more; opened anew it stands where the ledger does.
 */
final class Account implements AutoCloseable {

    /** Where an earlier version kept its accounts. */
    private static final String EARLIER = "state.json";

    private final Opening opening;
    private final Game game;
    private final Ledger ledger;
    private final RiskLimits limits;
    private final RiskState risk;
    private Bar last;
    private int step;
    private @Nullable String disagreement;

    private Account(Opening opening, Game game, Ledger ledger, RiskLimits limits, Game.@Nullable Standing standing) {
        this.opening = opening;
        this.game = game;
        this.ledger = ledger;
        this.limits = limits;
        if (standing == null) {
            last = opening.lastOfBeginning();
            risk = new RiskState(Bars.day(last, opening.periodsPerYear()), game.equity());
        } else {
            last = standing.last().bar();
            step = standing.last().step();
            risk = standing.last().risk();
        }
    }

    /** A ledger that was read, with or without an account in it. */
    record Found(Ledger ledger, Recollection recollection) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            ledger.close();
        }
    }

    /**
     * Looks for the account of a state directory.
     *
     * @throws TradingRefusedException if what is there cannot be continued; nothing was changed then
     */
    static Found find(Path directory, Clock clock) throws IOException {
        Path file = directory.resolve(Ledger.NAME);
        if (!Files.exists(file) && Files.exists(directory.resolve(EARLIER))) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION,
                    "In " + directory + " there is an account of an earlier version (" + EARLIER
                            + "), which kept no bars and cannot go on in a ledger. It is left as it is. `stop` the trial and"
                            + " `deploy --new-account` it.");
        }
        Recollection recollection = new Recollection();
        try {
            return new Found(Ledger.open(file, clock, recollection), recollection);
        } catch (DamagedLedgerException e) {
            throw new TradingRefusedException(ExitCode.DATA, String.valueOf(e.getMessage()), e);
        } catch (MalformedException | EnvironmentException | IllegalArgumentException e) {
            throw senseless(directory, e);
        }
    }

    /** Begins an account. */
    static Account begin(Found found, Opening opening, ActorModel model, TraderFile trader) throws IOException {
        Game game = Game.of(opening, model);
        found.ledger().append(LedgerLine.OPEN, opening.toMap());
        return started(new Account(opening, game, found.ledger(), trader.risk(), null), trader, 0);
    }

    /**
     * Goes on with an account, and lets its feed go on where it stands.
     *
     * @throws FeedException if the feed has other bars than the account was traded on
     * @throws TradingRefusedException if it belongs to something else or makes no sense
     */
    static Account resume(
            Found found, Opening opening, ActorModel model, TraderFile trader, Path directory, BarFeed feed)
            throws IOException {
        if (opening.deployment() != trader.deployment()) {
            throw foreign(directory, "belongs to deployment " + opening.deployment() + ", not " + trader.deployment());
        }
        if (!opening.modelSha256().equals(trader.modelSha256())) {
            throw foreign(
                    directory, "was traded by the model " + opening.modelSha256() + ", not " + trader.modelSha256());
        }
        Game.@Nullable Standing standing;
        Game game;
        try {
            standing = found.recollection().standing(opening);
            game = Game.at(opening, model, standing);
        } catch (MalformedException | EnvironmentException | IllegalArgumentException e) {
            throw senseless(directory, e);
        }
        if (standing != null && game.equity() != standing.last().equity()) {
            throw senseless(
                    directory,
                    new MalformedException("its last bar says that the equity is "
                            + standing.last().equity() + ", but cash and holdings are worth " + game.equity()));
        }
        Account account = new Account(opening, game, found.ledger(), trader.risk(), standing);
        // A feed that has other bars refuses here, before anything is written.
        feed.resumeAfter(account.last());
        return started(account, trader, found.ledger().cut());
    }

    private static Account started(Account account, TraderFile trader, long cut) throws IOException {
        Map<String, @Nullable Object> start = new LinkedHashMap<>();
        start.put("nonce", trader.nonce());
        start.put("pid", ProcessHandle.current().pid());
        start.put("step", account.step);
        start.put("risk", trader.risk().toMap());
        start.put("feed", trader.feed().toMap());
        account.ledger.append(LedgerLine.START, start);
        if (cut > 0) {
            account.ledger.append(
                    LedgerLine.NOTICE,
                    notice("a last line of " + cut + " bytes was torn when a process ended; it was cut off, and its"
                            + " bar did not count"));
        }
        account.ledger.force();
        return account;
    }

    /**
     * Trades a bar, which counts when this returns.
     *
     * @param bar the one after the last
     * @param permission which orders may be given
     * @param stale whether that is less because the bar is old
     * @throws FeedException if it is another one: no bar is traded twice, and none is left out
     * @throws IOException if it cannot be written down: the account is not to be used any more
     */
    void trade(Bar bar, Permission permission, boolean stale, boolean liquidate) throws IOException {
        if (bar.index() != last.index() + 1) {
            throw new FeedException("The feed gave bar " + bar.index() + " after bar " + last.index()
                    + ", which must follow each other. The account is left as it is; `restart` asks the feed anew.");
        }
        Outcome outcome = game.play(bar, permission.state(), liquidate, limits, risk);
        step++;
        last = bar;
        risk.settle(limits, liquidate, outcome.fills().size(), outcome.traded(), outcome.equity());
        if (outcome.disagreement() != null) {
            disagreement = "the books do not agree at step " + step + ": " + outcome.disagreement();
            risk.halt(disagreement);
        }
        ledger.append(LedgerLine.BAR, BarEntry.fields(opening, step, bar, permission, stale, liquidate, outcome, risk));
        ledger.force();
    }

    /**
     * Writes down that other orders may be given from now on.
     *
     * @param asked what an operator asks for, which holds until one asks for something else
     */
    void tell(Permission permission, Permission asked) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("state", permission.state().label());
        fields.put("reason", permission.reason());
        fields.put("asked", asked.state().label());
        fields.put("asked_reason", asked.reason());
        fields.put("step", step);
        ledger.append(LedgerLine.TRADING, fields);
        ledger.force();
    }

    void notice(List<String> words) throws IOException {
        for (String text : words) {
            ledger.append(LedgerLine.NOTICE, notice(text));
        }
    }

    void end(String reason) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason);
        fields.put("step", step);
        ledger.append(LedgerLine.END, fields);
        ledger.force();
    }

    private static Map<String, @Nullable Object> notice(String text) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("text", text);
        return fields;
    }

    Opening opening() {
        return opening;
    }

    RiskState risk() {
        return risk;
    }

    /** The day of a bar, by which its limits count. */
    long day(Bar bar) {
        return Bars.day(bar, opening.periodsPerYear());
    }

    /** The bar that was traded last, or the last one that the account began with. */
    Bar last() {
        return last;
    }

    int step() {
        return step;
    }

    double equity() {
        return game.equity();
    }

    double cash() {
        return game.cash();
    }

    /** What its second set of books said against it in this process, or null. */
    @Nullable
    String disagreement() {
        return disagreement;
    }

    @Override
    public void close() throws IOException {
        game.close();
        ledger.close();
    }

    private static TradingRefusedException foreign(Path directory, String what) {
        return new TradingRefusedException(
                ExitCode.CONFIGURATION,
                "The paper account in " + directory + " " + what
                        + ". It is left as it is. Put back what belongs there, or `stop` the trial and"
                        + " `deploy --new-account` it.");
    }

    private static TradingRefusedException senseless(Path directory, RuntimeException why) {
        return new TradingRefusedException(
                ExitCode.DATA,
                "The paper account in " + directory + " cannot be continued: " + why.getMessage()
                        + ". It is not started over silently. Restore the directory from a backup, or `stop` the"
                        + " trial and `deploy --new-account` it.",
                why);
    }
}
