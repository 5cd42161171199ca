package io.pipelinev2.deploy.drift;

import io.pipelinev2.deploy.papertrading.performance.PaperRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the paper records of one deployment with what its backtest leads to expect, at certain lengths of the record:
 * what it earned, alone and beside the market, how often it traded, and what it paid. The same record at the same look always compares the same.
 */
final class Comparison {

    /** Machines may differ in the last bit of a network's sums; a trade more or less is far more than this. */
    private static final double SAME_EQUITY = 1e-6;

    /** In about how many places the band is kept to be drawn. */
    private static final int DRAWN = 100;

    private final Expectation expectation;
    private final DriftSettings settings;
    private final double barsPerDay;
    private final Looks looks;
    private final long seed;
    private @Nullable ReturnBand equityBand;
    private @Nullable ReturnBand excessBand;

    /**
     * @param modelSha256 the model that trades; the drawing of the band is repeatable by it
     * @param periodsPerYear bars per year
     */
    Comparison(Expectation expectation, DriftSettings settings, String modelSha256, double periodsPerYear) {
        this.expectation = expectation;
        this.settings = settings;
        this.barsPerDay = periodsPerYear / 365;
        this.looks = Looks.from(settings.minBars(), Math.max(settings.minBars(), longest(expectation.bars())));
        this.seed = Long.parseUnsignedLong(modelSha256.substring(0, 16), 16);
    }

    private static int longest(int bars) {
        return (int) Math.min(Integer.MAX_VALUE / 2, (long) ReturnBand.LONGEST * bars);
    }

    /** The number of the latest look at a record of this many bars, -1 before the first. */
    int latestLook(int bars) {
        return looks.latest(bars);
    }

    /** What has been found at a look, by name, in the order in which it is told. */
    Map<String, Difference> at(int look, PaperRecord record) {
        int bars = looks.bars(look);
        Map<String, Difference> differences = new LinkedHashMap<>();
        differences.put("equity", equity(look, bars, record));
        differences.put("excess", excess(look, bars, record));
        differences.put("replay", replay(bars, record));
        differences.put("trades", trades(bars, record));
        differences.put("fees", fees(bars, record));
        return differences;
    }

    int bars(int look) {
        return looks.bars(look);
    }

    private Difference equity(int look, int bars, PaperRecord record) {
        double[] returns = expectation.logReturns();
        if (returns == null || !expectation.moves()) {
            return Difference.unknown(whyNoBand());
        }
        if (!(record.equity(0) > 0 && record.equity(bars) > 0)) {
            return lost(bars, record);
        }
        ReturnBand expected = equityBand(returns);
        double realised = 0;
        for (int bar = 1; bar <= bars; bar++) {
            realised += StrictMath.log(record.equity(bar) / record.equity(bar - 1));
        }
        return within(look, realised, 0, expected, "earned %.2f %% in " + bars + " bars", new LinkedHashMap<>());
    }

    /**
     * Where the equity is expected from the beginning to the look after this one, as {@code bars}, and {@code low} and
     * {@code high} as returns; or null if that was never worked out. To be drawn.
     */
    @Nullable
    Map<String, @Nullable Object> band(int look) {
        ReturnBand made = equityBand;
        if (made == null) {
            return null;
        }
        int last = looks.bars(Math.min(look + 1, looks.count() - 1));
        SortedSet<Integer> bars = new TreeSet<>();
        for (int each = 0; each <= last; each += Math.max(1, last / DRAWN)) {
            bars.add(each);
        }
        for (int each = 0; each < looks.count() && looks.bars(each) <= last; each++) {
            bars.add(looks.bars(each));
        }
        List<@Nullable Object> low = new ArrayList<>();
        List<@Nullable Object> high = new ArrayList<>();
        for (int each : bars) {
            low.add(drawn(made.lowAfter(each)));
            high.add(drawn(made.highAfter(each)));
        }
        Map<String, @Nullable Object> band = new LinkedHashMap<>();
        band.put("bars", List.copyOf(bars));
        band.put("low", low);
        band.put("high", high);
        return band;
    }

    /** In steps that are too small to be seen. */
    private static @Nullable Double drawn(double logReturn) {
        double value = Math.expm1(logReturn);
        return Double.isFinite(value) ? (Double) (Math.rint(value * 1e6) / 1e6 + 0.0) : null;
    }

    private String whyNoBand() {
        if (expectation.bars() == 0) {
            return "its backtest left no equity curve; run `revalidate`";
        }
        return expectation.moves()
                ? "its backtest ended without equity, or after one bar"
                : "the equity of its backtest never moved";
    }

    /** A backtest that passed kept its equity, so this is none that it leads to expect. */
    private static Difference lost(int bars, PaperRecord record) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("realised", record.equity(0) > 0 ? record.equity(bars) / record.equity(0) - 1 : null);
        return new Difference(true, "lost all its equity within " + bars + " bars", values);
    }

    /** The same of what the market does not explain. */
    private Difference excess(int look, int bars, PaperRecord record) {
        double[] returns = expectation.logReturns();
        double[] market = expectation.marketReturns();
        if (returns == null || returns.length < 3 || market == null || !expectation.moves()) {
            return Difference.unknown(
                    market == null && expectation.bars() > 0
                            ? "its backtest did not keep what the market did; run `revalidate`"
                            : whyNoBand());
        }
        if (record.benchmark(bars) == null) {
            return Difference.unknown("its ledger does not tell all prices");
        }
        if (!(record.equity(0) > 0 && record.equity(bars) > 0)) {
            return Difference.unknown("it has no equity");
        }
        MarketModel model = MarketModel.of(returns, market);
        double realised = 0;
        double moved = 0;
        for (int bar = 1; bar <= bars; bar++) {
            double step = StrictMath.log(level(record, bar) / level(record, bar - 1));
            realised += StrictMath.log(record.equity(bar) / record.equity(bar - 1)) - model.beta() * step;
            moved += step;
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("beta", model.beta());
        // the market went another way than in the backtest, and beta is an estimate
        double more = model.error() * Math.abs(moved - bars * model.marketMean());
        return within(
                look,
                realised,
                more,
                excessBand(model.rest()),
                "earned %.2f %% in " + bars + " bars beyond its share of the market's move",
                values);
    }

    private static double level(PaperRecord record, int bar) {
        Double level = record.benchmark(bar);
        return level == null ? 1 : level;
    }

    private Difference within(
            int look,
            double realised,
            double more,
            ReturnBand band,
            String what,
            Map<String, @Nullable Object> values) {
        double low = band.low(look, more);
        double high = band.high(look, more);
        values.put("realised", finite(Math.expm1(realised)));
        values.put("low", finite(Math.expm1(low)));
        values.put("high", finite(Math.expm1(high)));
        values.put("block_bars", band.blockLength());
        String words = String.format(
                Locale.ROOT,
                what + "; its backtest leads to expect %.2f %% to %.2f %%",
                100 * Math.expm1(realised),
                100 * Math.expm1(low),
                100 * Math.expm1(high));
        return new Difference(realised < low || realised > high, words, values);
    }

    /** Two bands: a trader that does as expected leaves neither with the configured probability. */
    private double tail() {
        return expectation.benchmark() == null ? settings.tail() : settings.tail() / 2;
    }

    private ReturnBand equityBand(double[] returns) {
        ReturnBand made = equityBand;
        if (made == null) {
            made = ReturnBand.of(returns, looks, settings.samples(), tail(), seed);
            equityBand = made;
        }
        return made;
    }

    private ReturnBand excessBand(double[] returns) {
        ReturnBand made = excessBand;
        if (made == null) {
            made = ReturnBand.of(returns, looks, settings.samples(), tail(), seed + 1);
            excessBand = made;
        }
        return made;
    }

    /**
     * On the very bars of the backtest nothing is left to chance: one model, one game, one result. They are the same bars if
     * the market's equal-weight level was the same after each of them.
     */
    private Difference replay(int bars, PaperRecord record) {
        double[] market = expectation.benchmark();
        int same = Math.min(bars, expectation.bars());
        if (market == null || same == 0) {
            return Difference.unknown("its backtest did not keep what the market did; run `revalidate`");
        }
        int differs = 0;
        for (int bar = 1; bar <= same; bar++) {
            Double level = record.benchmark(bar);
            if (level == null || level != market[bar]) {
                return Difference.unknown("it trades other bars than its backtest");
            }
            double expected = expectation.equity()[bar];
            if (differs == 0 && Math.abs(record.equity(bar) - expected) > SAME_EQUITY * expected) {
                differs = bar;
            }
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("realised", record.equity(same));
        values.put("expected", expectation.equity()[same]);
        values.put("differs_from_bar", differs == 0 ? null : differs);
        String words = String.format(
                Locale.ROOT,
                "has %.2f after the first %d bars of its own backtest, where that had %.2f",
                record.equity(same),
                same,
                expectation.equity()[same]);
        return new Difference(
                differs > 0, differs == 0 ? words : words + "; they differ from bar " + differs + " on", values);
    }

    /**
     * More often than the allowed ratio, or more rarely, beyond what chance explains; and that both against the backtest as a
     * whole and against as many of its first bars, because an account that begins in cash trades most at its beginning.
     */
    private Difference trades(int bars, PaperRecord record) {
        if (expectation.fills() == null || expectation.bars() == 0) {
            return Difference.unknown("its backtest did not keep how often it traded; run `revalidate`");
        }
        long paper = record.fills(bars);
        int all = expectation.bars();
        int same = Math.min(bars, all);
        long inAll = expectation.fillsInAll();
        long inSame = expectation.fillsIn(same);
        boolean tooMany = isTooMany(paper, bars, inAll, all) && isTooMany(paper, bars, inSame, same);
        boolean tooFew = isTooFew(paper, bars, inAll, all) && isTooFew(paper, bars, inSame, same);
        double perDay = paper * barsPerDay / bars;
        double expected = inAll * barsPerDay / all;
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("realised", paper);
        values.put("backtest_same_bars", inSame);
        values.put("per_day", perDay);
        values.put("backtest_per_day", expected);
        values.put("ratio", inAll == 0 ? null : perDay / expected);
        String words = String.format(
                Locale.ROOT,
                "traded %d times in %d bars, %.2f a day; its backtest %.2f a day, and %d times in its first %d bars",
                paper,
                bars,
                perDay,
                expected,
                inSame,
                same);
        return new Difference(tooMany || tooFew, words, values);
    }

    private boolean isTooMany(long paper, int bars, long backtest, int of) {
        return EventRates.chanceOfAsMany(paper, bars, backtest, of, settings.tradesRatio()) < settings.tail();
    }

    private boolean isTooFew(long paper, int bars, long backtest, int of) {
        return EventRates.chanceOfAsFew(paper, bars, backtest, of, 1 / settings.tradesRatio()) < settings.tail();
    }

    private Difference fees(int bars, PaperRecord record) {
        Double rate = expectation.feeRate();
        if (rate == null) {
            return Difference.unknown("its backtest did not record the fee rate; run `revalidate`");
        }
        double traded = record.traded(bars);
        if (traded == 0) {
            return Difference.unknown("nothing was traded yet");
        }
        double paid = record.fees(bars) / traded;
        boolean drifted = Math.abs(paid - rate) > settings.feeTolerance() * rate;
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("realised", paid);
        values.put("expected", rate);
        String words = String.format(
                Locale.ROOT, "paid %.4f %% of what it traded in fees; the rules say %.4f %%", 100 * paid, 100 * rate);
        return new Difference(drifted, words, values);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
