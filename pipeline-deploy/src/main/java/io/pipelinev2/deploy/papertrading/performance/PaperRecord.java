package io.pipelinev2.deploy.papertrading.performance;

import io.pipelinev2.backtest.metrics.Activity;
import io.pipelinev2.backtest.metrics.EqualWeightBenchmark;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.MetricFamily;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import io.pipelinev2.backtest.metrics.RoundTrips;
import io.pipelinev2.core.deployment.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a paper account has done, bar by bar, as its ledger in the store tells it. About 40 bytes a bar.
 *
 * <p>An instance belongs to one thread.
 */
public final class PaperRecord {

    /** Metrics of a backtest for which a ledger does not hold enough. */
    private static final Set<String> NOT_RECORDED = Set.of("hhi_mean", "ew_rebalanced_total_return");

    private final Doubles equity = new Doubles();
    private final Doubles cash = new Doubles();
    private final Doubles benchmark = new Doubles();
    private final Doubles traded = new Doubles();
    private final Doubles fees = new Doubles();
    private final Doubles fills = new Doubles();
    private RoundTrips roundTrips = new RoundTrips(0);
    private boolean opened;
    private boolean benchmarkKnown = true;
    private long sequence;
    private int stops;
    private boolean stopped;
    private @Nullable Instant firstBarTime;
    private @Nullable Instant lastBarTime;
    private boolean timesKnown = true;
    private @Nullable Instant firstAt;
    private @Nullable Instant lastAt;

    /**
     * Takes the next entry of the ledger.
     *
     * @throws IllegalArgumentException if it does not come next, or is not such as the ledger's import writes them
     */
    public void add(LedgerEntry entry) {
        if (entry.sequence() != sequence + 1) {
            throw new IllegalArgumentException("entry %d of the ledger of deployment %d cannot follow entry %d"
                    .formatted(entry.sequence(), entry.deploymentId(), sequence));
        }
        switch (entry.kind()) {
            case LedgerFields.OPEN -> open(entry);
            case LedgerFields.BAR -> addBar(entry);
            default -> {
                // tells of the process or the feed, not of the account
            }
        }
        sequence = entry.sequence();
    }

    private void open(LedgerEntry entry) {
        Double capital = entry.equity();
        if (capital == null || !(entry.content().get(LedgerFields.PRICES) instanceof List<?> prices)) {
            throw malformed(entry, "it must tell the initial capital and the prices at which the account began");
        }
        roundTrips = new RoundTrips(prices.size());
        equity.add(capital);
        cash.add(capital);
        benchmark.add(1);
        opened = true;
    }

    private void addBar(LedgerEntry entry) {
        Double worth = entry.equity();
        if (!opened || worth == null) {
            throw malformed(
                    entry, worth == null ? "a bar needs an equity" : "a bar came before the account was opened");
        }
        double value = 0;
        int count = 0;
        if (entry.content().get(LedgerFields.FILLS) instanceof List<?> list) {
            for (Object one : list) {
                value += book(entry, one);
                count++;
            }
        }
        equity.add(worth);
        cash.add(number(entry, LedgerFields.CASH));
        fees.add(number(entry, LedgerFields.FEES));
        traded.add(value);
        fills.add(count);
        if (entry.content().get(LedgerFields.BENCHMARK) instanceof Number level) {
            benchmark.add(level.doubleValue());
        } else {
            benchmark.add(benchmark.get(benchmark.size() - 1));
            benchmarkKnown = false;
        }
        boolean stopsNow = Boolean.TRUE.equals(entry.content().get(LedgerFields.STOPPED));
        stops += stopsNow && !stopped ? 1 : 0;
        stopped = stopsNow;
        see(entry);
    }

    /** @return the value traded */
    private double book(LedgerEntry entry, @Nullable Object one) {
        if (!(one instanceof Map<?, ?> fill)
                || !(fill.get(LedgerFields.ASSET) instanceof Number asset)
                || !(fill.get(LedgerFields.SIDE) instanceof String side)
                || !(fill.get(LedgerFields.QUANTITY) instanceof Number quantity)
                || !(fill.get(LedgerFields.PRICE) instanceof Number price)
                || !(fill.get(LedgerFields.FEE) instanceof Number fee)) {
            throw malformed(entry, "a fill needs asset, side, quantity, price and fee, was " + one);
        }
        if (side.equals(LedgerFields.BUY)) {
            roundTrips.buy(asset.intValue(), quantity.doubleValue(), price.doubleValue(), fee.doubleValue());
        } else {
            roundTrips.sell(asset.intValue(), quantity.doubleValue(), price.doubleValue(), fee.doubleValue());
        }
        return quantity.doubleValue() * price.doubleValue();
    }

    private void see(LedgerEntry entry) {
        firstAt = firstAt == null ? entry.at() : firstAt;
        lastAt = entry.at();
        Instant time = time(entry.content().get(LedgerFields.BAR_TIME));
        if (time == null) {
            timesKnown = false;
        } else {
            firstBarTime = firstBarTime == null ? time : firstBarTime;
            lastBarTime = time;
        }
    }

    private static @Nullable Instant time(@Nullable Object value) {
        try {
            return value instanceof String text ? Instant.parse(text) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static double number(LedgerEntry entry, String field) {
        if (entry.content().get(field) instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw malformed(
                entry,
                "its " + field + " must be a finite number, was "
                        + entry.content().get(field));
    }

    private static IllegalArgumentException malformed(LedgerEntry entry, String why) {
        return new IllegalArgumentException("entry %d of the ledger of deployment %d cannot be used: %s"
                .formatted(entry.sequence(), entry.deploymentId(), why));
    }

    /** The sequence of the last entry taken, 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /** How many bars were traded. */
    public int bars() {
        return fees.size();
    }

    /** Equity after so many bars; that of 0 bars is the initial one. */
    public double equity(int afterBars) {
        return equity.get(afterBars);
    }

    /**
     * What equal capital in every asset, held from the beginning, is a multiple of after so many bars.
     *
     * @return null if the ledger does not tell all prices
     */
    public @Nullable Double benchmark(int afterBars) {
        return benchmarkKnown ? benchmark.get(afterBars) : null;
    }

    /** How many fills there were in the first so many bars. */
    public long fills(int inBars) {
        return Math.round(fills.sumTo(inBars));
    }

    /** The value bought and sold in the first so many bars, both sides added, in quote currency. */
    public double traded(int inBars) {
        return traded.sumTo(inBars);
    }

    /** Fees paid in the first so many bars. */
    public double fees(int inBars) {
        return fees.sumTo(inBars);
    }

    /** How often a stop of the account's own took away the permission to trade freely. */
    public int stops() {
        return stops;
    }

    /**
     * For how long the account has been put to the test: the shorter of the time that its bars span and the time that passed
     * while it traded them. So bars that are replayed faster than they happened count by the clock on the wall.
     *
     * @param periodsPerYear bars per year, for bars without times
     */
    public Duration tested(double periodsPerYear) {
        Instant begun = firstAt;
        Instant traded = lastAt;
        if (begun == null || traded == null) {
            return Duration.ZERO;
        }
        Duration passed = Duration.between(begun, traded);
        Duration spanned = spanned(periodsPerYear);
        Duration shorter = passed.compareTo(spanned) < 0 ? passed : spanned;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }

    private Duration spanned(double periodsPerYear) {
        Instant first = firstBarTime;
        Instant last = lastBarTime;
        if (timesKnown && first != null && last != null) {
            return Duration.between(first, last);
        }
        double secondsPerBar = Duration.ofDays(365).toSeconds() / periodsPerYear;
        return Duration.ofSeconds((long) ((bars() - 1) * secondsPerBar));
    }

    /** When the last bar was traded, or null before the first. */
    public @Nullable Instant lastTradedAt() {
        return lastAt;
    }

    /**
     * The figures of a backtest for what was traded so far.
     *
     * @param periodsPerYear bars per year, 8760 for hourly ones
     */
    public PaperFigures figures(double periodsPerYear) {
        Map<String, @Nullable Double> values = new LinkedHashMap<>();
        Map<String, String> remarks = new LinkedHashMap<>();
        if (bars() == 0) {
            return new PaperFigures(values, remarks);
        }
        PerformanceMetrics metrics =
                PerformanceMetrics.ofRun(equity.toArray(), periodsPerYear, benchmark(), activity(), roundTrips);
        metrics.all().forEach((name, metric) -> {
            if (!NOT_RECORDED.contains(name)) {
                Metric known = benchmarkKnown || !ofTheMarket(name)
                        ? metric
                        : Metric.undefined("the ledger does not tell all prices");
                values.put(name, known.value());
                String remark = known.remark();
                if (remark != null) {
                    remarks.put(name, remark);
                }
            }
        });
        return new PaperFigures(values, remarks);
    }

    private static boolean ofTheMarket(String name) {
        return name.startsWith("alpha_")
                || MetricGlossary.find(name)
                        .filter(metric -> metric.family() == MetricFamily.BENCHMARK)
                        .isPresent();
    }

    private EqualWeightBenchmark benchmark() {
        double[] held = new double[bars()];
        for (int bar = 0; bar < held.length; bar++) {
            held[bar] = benchmark.get(bar + 1) / benchmark.get(bar) - 1;
        }
        return new EqualWeightBenchmark(held, held);
    }

    private Activity activity() {
        double[] after = new double[bars()];
        double[] invested = new double[bars()];
        for (int bar = 0; bar < after.length; bar++) {
            after[bar] = equity.get(bar + 1);
            invested[bar] = equity.get(bar + 1) - cash.get(bar + 1);
        }
        return new Activity(equity.get(0), after, invested, traded.toArray(), fees.toArray(), new double[bars()], (int)
                Math.min(Integer.MAX_VALUE, fills(bars())));
    }
}
