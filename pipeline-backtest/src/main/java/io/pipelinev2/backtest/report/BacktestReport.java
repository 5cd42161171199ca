package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of one backtest, as a page and as plain values.
 *
 * <pre>{@code
 * BacktestReport report = BacktestReport.of(
 *         ReportSubject.of("ppo_1h", 7, "2.0.0", now), result, null);
 * Files.writeString(Path.of("report.html"), report.html());
 * }</pre>
 *
 * <p>The page is one file: it refers to nothing outside of itself, has no script, is well below a megabyte however long the
 * run, and suits light screens, dark screens and paper. The same input gives the same page.
 */
public final class BacktestReport {

    /** Of the values of {@link #toMap()}; it grows when a reader must know. */
    public static final int FORMAT = 1;

    private final ReportSubject subject;
    private final RunSeries run;
    private final boolean passed;
    private final List<Section> sections;

    private BacktestReport(ReportSubject subject, ReportedRun result, @Nullable OverfitPanel panel) {
        this.subject = subject;
        this.run = new RunSeries(result);
        this.passed = result.passed();
        BacktestResult played = result.played();
        SharpeInSample sharpe = SharpeInSample.of(run);
        this.sections = List.of(
                new VerdictSection(result),
                new SummarySection(run, result, sharpe),
                new WarningsSection(subject, run, result, sharpe, panel),
                new EquitySection(run),
                new UnderwaterSection(run),
                new RollingSharpeSection(run),
                new CalendarSection(run),
                new DistributionSection(run),
                played == null ? new UntoldActivitySection(result) : new ActivitySection(run, played),
                new OverfitSection(panel, result.periodsPerYear()),
                new MetricsSection(run, result),
                new IdentitySection(subject, run, result));
    }

    /**
     * The report of a result.
     *
     * @param panel what is known about the trial's luck, or null when that was not measured; the report then says so
     */
    public static BacktestReport of(ReportSubject subject, BacktestResult result, @Nullable OverfitPanel panel) {
        return new BacktestReport(subject, ReportedRun.of(result), panel);
    }

    /**
     * The report of a result from another environment. What only the built-in one knows (weights, fees, the rules of the game)
     * is left out; whatever an equity curve tells is drawn alike.
     *
     * @param panel what is known about the trial's luck, or null when that was not measured; the report then says so
     * @throws IllegalArgumentException if it has no equity curve
     */
    public static BacktestReport of(ReportSubject subject, ExternalResult result, @Nullable OverfitPanel panel) {
        return new BacktestReport(subject, ReportedRun.of(result), panel);
    }

    /** The page: HTML that an XML parser takes as well. */
    public String html() {
        String title = "Backtest of trial " + subject.name();
        Html page = new Html();
        page.doctype().open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", title + (passed ? ": passed" : ": rejected")).style(stylesheet());
        page.close("head").open("body").open("header").element("h1", title);
        page.element("p", "Made " + made(subject.generatedAt()) + " by " + versions() + ".", "class", "remark")
                .close("header")
                .open("main");
        sections.forEach(section -> section.write(page));
        page.close("main").open("footer");
        page.element(
                "p",
                "Paper trading on past prices. Numbers on this page are rounded; hold the pointer over one for all its digits,"
                        + " or read report.json.",
                "class",
                "remark");
        page.close("footer").close("body").close("html");
        return page.finished();
    }

    /**
     * All that the page shows, in full precision, as JSON-like values: finite numbers, nulls, strings, booleans, lists and
     * maps. Curves have one value for each step that counts, and one more for the start where they have one.
     */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("times", times());
        sections.forEach(section -> map.put(section.key(), section.toMap()));
        return map;
    }

    private @Nullable List<String> times() {
        long[] times = run.timeline().times();
        if (times == null) {
            return null;
        }
        List<String> texts = new ArrayList<>(times.length);
        for (long time : times) {
            texts.add(Instant.ofEpochMilli(time).toString());
        }
        return texts;
    }

    private String versions() {
        List<String> versions = new ArrayList<>();
        subject.versions().forEach((program, version) -> versions.add(program + " " + version));
        return String.join(", ", versions);
    }

    private static String made(Instant at) {
        return at.toString().substring(0, 16).replace('T', ' ') + " UTC";
    }

    private static String stylesheet() {
        try (InputStream css = BacktestReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is not in the jar");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
