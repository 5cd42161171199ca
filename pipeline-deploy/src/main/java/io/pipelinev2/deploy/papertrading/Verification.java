package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import io.pipelinev2.deploy.papertrading.ledger.Ledger;
import io.pipelinev2.deploy.papertrading.ledger.LedgerLine;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recorded paper account again, through the very environment, policy, rules and guard of the trader and of the
 * backtest, and compares every bar to the last bit. It needs the ledger and the model alone: a copy of the state directory
 * on another machine will do.
 *
 * <p>What was decided from outside (which orders an operator, a switch, a stop or an old bar allowed, and when everything
 * was sold) is taken from the record; everything else has to follow.
 */
public final class Verification {

    /** What follows from the bars, besides the state of the limits. */
    private static final List<String> LIMITS = List.of("day", "day_opening", "orders_today", "traded_today");

    private final Path ledger;
    private final @Nullable Path modelFile;
    private final Path directory;
    private @Nullable Replay replay;
    private long bars;
    private @Nullable String difference;

    private Verification(Path directory, @Nullable Path modelFile) {
        this.directory = directory;
        this.ledger = directory.resolve(Ledger.NAME);
        this.modelFile = modelFile;
    }

    /**
     * What came out.
     *
     * @param bars how many bars the ledger holds
     * @param difference the first difference in words, or null if there is none
     */
    public record Result(long bars, @Nullable String difference) {

        /** Whether every bar came out as it was recorded, to the last bit. */
        public boolean isEqual() {
            return difference == null;
        }
    }

    /**
     * Verifies the account in a directory. Nothing there is changed; a trader may go on trading it.
     *
     * @param directory with the {@code ledger.jsonl}
     * @param model the file of the model, or null for the one that {@code trader.json} names
     * @throws NoSuchFileException if there is no ledger
     * @throws IOException if something cannot be read
     * @throws PipelineException if what was read is damaged or is another model
     */
    public static Result of(Path directory, @Nullable Path model) throws IOException {
        Verification verification = new Verification(directory, model);
        try {
            Ledger.read(verification.ledger, (kind, content) -> verification.line(kind, content.parse()));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new PipelineException("The ledger " + verification.ledger + " makes no sense: " + e.getMessage(), e);
        } finally {
            verification.close();
        }
        return new Result(verification.bars, verification.difference);
    }

    private void close() {
        if (replay != null) {
            replay.game.close();
        }
    }

    private static final class Replay {
        private final Opening opening;
        private final Game game;
        private final RiskState risk;
        private RiskLimits limits = RiskLimits.OFF;
        private int step;

        Replay(Opening opening, Game game) {
            this.opening = opening;
            this.game = game;
            this.risk = new RiskState(Bars.day(opening.lastOfBeginning(), opening.periodsPerYear()), game.equity());
        }
    }

    private void line(String kind, LedgerLine line) {
        if (kind.equals(LedgerLine.OPEN)) {
            Opening opening = Opening.from(line.read());
            replay = new Replay(opening, Game.of(opening, model(opening)));
            return;
        }
        Replay current = replay;
        if (current == null) {
            throw new MalformedException("its first line is not the opening of an account");
        }
        if (kind.equals(LedgerLine.START)) {
            current.limits = RiskLimits.from(line.read().map("risk"));
        } else if (kind.equals(LedgerLine.BAR)) {
            bars++;
            if (difference == null) {
                bar(current, line);
            }
        }
    }

    private void bar(Replay current, LedgerLine line) {
        Fields recorded = line.read();
        Bar bar = Bars.from(recorded);
        current.risk.enter(Bars.day(bar, current.opening.periodsPerYear()), current.game.equity());
        boolean liquidated = recorded.flag("liquidated");
        Outcome outcome = current.game.play(
                bar, TradingState.of(recorded.text("trading")), liquidated, current.limits, current.risk);
        current.risk.settle(current.limits, liquidated, outcome.fills().size(), outcome.traded(), outcome.equity());
        current.step++;
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("step", current.step);
        expected.putAll(outcome.toMap(current.opening, current.step));
        expected.put("disagreement", outcome.disagreement());
        compare(line, bar, "", throughJson(expected), line.fields());
        Map<String, @Nullable Object> limits = throughJson(current.risk.toMap());
        limits.keySet().retainAll(LIMITS);
        compare(line, bar, "risk.", limits, recorded.map("risk"));
    }

    private void compare(
            LedgerLine line,
            Bar bar,
            String prefix,
            Map<String, @Nullable Object> replayed,
            Map<String, @Nullable Object> recorded) {
        for (Map.Entry<String, @Nullable Object> entry : replayed.entrySet()) {
            Object now = entry.getValue();
            Object then = recorded.get(entry.getKey());
            if (difference == null && !Objects.equals(now, then)) {
                difference = "line " + line.seq() + " (step " + recorded.getOrDefault("step", "?") + ", bar "
                        + bar.index() + (bar.time() == null ? "" : " of " + bar.time()) + "): " + prefix
                        + entry.getKey() + " was recorded as " + then + ", but playing it again gives " + now;
            }
        }
    }

    /** The values as they are after writing and reading them: numbers of the same types on both sides. */
    private static Map<String, @Nullable Object> throughJson(Map<String, @Nullable Object> values) {
        return JsonFile.parse("a bar", JsonFile.line(values));
    }

    private ActorModel model(Opening opening) {
        try {
            Path file = modelFile == null ? TraderFile.read(directory).model() : modelFile;
            ActorModel model = ActorModel.read(file);
            if (!model.sha256().equals(opening.modelSha256())) {
                throw new PipelineException("The model " + file + " has the hash " + model.sha256()
                        + ", but the account was traded by " + opening.modelSha256()
                        + ". Name the file of that model with --model.");
            }
            return model;
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot read the model of the account: " + e + ". Name its file with --model.", e);
        }
    }
}
