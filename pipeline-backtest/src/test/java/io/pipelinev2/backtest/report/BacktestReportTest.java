package io.pipelinev2.backtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.GateDecision;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.internal.JsonValues;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

class BacktestReportTest {

    private static final List<String> SECTIONS = List.of(
            "verdict",
            "summary",
            "warnings",
            "equity",
            "underwater",
            "rolling_sharpe",
            "calendar",
            "distribution",
            "activity",
            "overfitting",
            "metrics",
            "identity");
    private static final Pattern NO_NUMBER = Pattern.compile("\\b(NaN|Infinity|null)\\b|\u221e");

    static Stream<Arguments> runs() {
        return Stream.of(
                run("a trial of the fixtures", () -> ReportSamples.real(2)),
                run("with dates", () -> ReportSamples.dated(ReportSamples.real(2))),
                run("more than a year", () -> ReportSamples.dated(ReportSamples.longest())),
                run("10,000 steps of 7 assets", ReportSamples::longest),
                run("without trades", ReportSamples::withoutTrades),
                run("bankrupt", ReportSamples::bankrupt),
                run("3 steps", ReportSamples::short3));
    }

    private static Arguments run(String name, Supplier<BacktestResult> result) {
        return Arguments.of(name, result);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void every_run_gives_a_page_that_stands_alone(String name, Supplier<BacktestResult> run) throws Exception {
        BacktestReport report = BacktestReport.of(ReportSamples.subject(), run.get(), null);

        String html = report.html();

        Parsed page = Parsed.of(html);
        assertThat(page.all("/html/body/main/section").stream()
                        .map(section -> section.getAttribute("id"))
                        .toList())
                .isEqualTo(SECTIONS);
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(600_000);
        assertThat(html.toLowerCase(Locale.ROOT))
                .startsWith("<!doctype html>\n<html lang=\"en\">")
                .doesNotContain(
                        "http",
                        "<script",
                        "javascript:",
                        "url(",
                        "@import",
                        "<link",
                        "<img",
                        "<iframe",
                        " src=",
                        " href=");
        assertThat(NO_NUMBER.matcher(html).find()).as("text that is no number").isFalse();
        assertThat(BacktestReport.of(ReportSamples.subject(), run.get(), null).html())
                .as("the same again")
                .isEqualTo(html);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void every_run_gives_plain_values(String name, Supplier<BacktestResult> run) {
        Map<String, Object> map =
                BacktestReport.of(ReportSamples.subject(), run.get(), null).toMap();

        assertThat(JsonValues.checked(map).keySet()).containsAll(SECTIONS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void drawings_and_tables_can_be_read_without_seeing_them(String name, Supplier<BacktestResult> run)
            throws Exception {
        BacktestResult result = run.get();
        boolean measurable =
                result.trades().total() > 0 && result.metrics().get("sharpe").isDefined();
        OverfitPanel panel = measurable && !result.metrics().bankrupt() ? ReportSamples.panel(result) : null;

        Parsed page = Parsed.of(
                BacktestReport.of(ReportSamples.subject(), result, panel).html());

        Set<String> ids = new HashSet<>();
        for (Element element : page.all("//*[@id]")) {
            assertThat(ids.add(element.getAttribute("id")))
                    .as(element.getAttribute("id"))
                    .isTrue();
        }
        for (Element svg : page.all("//svg[not(@aria-hidden)]")) {
            assertThat(svg.getAttribute("role")).isEqualTo("img");
            String described = svg.getAttribute("aria-labelledby");
            if (described.isEmpty()) {
                assertThat(svg.getAttribute("aria-label")).isNotBlank();
            } else {
                assertThat(ids).contains(described.split(" "));
            }
        }
        for (Element table : page.all("//table")) {
            assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1);
            assertThat(table.getElementsByTagName("th").getLength()).isPositive();
        }
    }

    @Test
    void hostile_names_stay_text() throws Exception {
        String name = ReportSamples.HOSTILE;
        ReportSubject subject = ReportSubject.of(name, 1, name, ReportSamples.MADE)
                .withTrialParameters(Map.of(name, name))
                .withDataSource(name)
                .withTrainingOverlap(name)
                .withVersion(name, name);

        String html = BacktestReport.of(subject, ReportSamples.real(1).warned(List.of(name)), null)
                .html();

        assertThat(html).doesNotContain("<script", "onload=1>", "\u0000", "\u202E");
        Parsed page = Parsed.of(html);
        assertThat(page.all("//script")).isEmpty();
        assertThat(page.one("//h1").getTextContent()).contains("</style><script>alert('x')</script>&amp;\"");
    }

    @Test
    void the_verdict_is_said_in_words_with_every_gate() throws Exception {
        Parsed passed = page(ReportSamples.real(2));
        Parsed rejected = page(ReportSamples.withoutTrades());

        assertThat(passed.one("//section[@id='verdict']/h2").getTextContent()).contains("PASSED");
        assertThat(rejected.one("//section[@id='verdict']/h2").getTextContent()).contains("REJECTED");
        assertThat(passed.all("//section[@id='verdict']//tbody/tr")).hasSize(3);
        assertThat(rejected.one("//section[@id='verdict']").getTextContent())
                .contains("\u2717 failed", "\u22121", "the model never trades");
    }

    @Test
    void the_page_says_how_little_a_short_record_can_say() throws Exception {
        String text = page(ReportSamples.real(2)).text();

        assertThat(text)
                .contains(
                        "At 1,676 steps the standard error of the annual Sharpe ratio is 2.29",
                        "That includes 0",
                        "The best of 100 models without any skill would show 5.79",
                        "Short sample: 69.8 days",
                        "Extrapolated to a year",
                        "It is not known whether the trial was trained on these bars",
                        "Nothing here says how often somebody tried");
        assertThat(page(ReportSamples.withoutTrades()).text()).contains("The model never traded");
        assertThat(page(ReportSamples.bankrupt()).text()).contains("Bankrupt: all equity was lost at step 60");
        assertThat(page(ReportSamples.short3()).text()).contains("A window of 30 days is 720 steps; the run has 3.");
    }

    @Test
    void bars_that_do_not_fit_the_steps_per_year_are_warned_of() throws Exception {
        BacktestResult hourly = ReportSamples.dated(ReportSamples.real(2));

        assertThat(page(hourly).text()).doesNotContain("hours apart");
        assertThat(page(ReportSamples.asDaily(hourly)).text()).contains("The bars are usually 1.00 hours apart");
    }

    @Test
    void metrics_carry_all_their_digits_and_what_is_undefined_its_reason() throws Exception {
        BacktestResult result = ReportSamples.real(2);
        JsonNode twin = json(result);
        Parsed page = page(result);

        for (String name : List.of("total_return", "sharpe", "max_drawdown", "beta", "fees_total")) {
            String exact = Numbers.exact(twin.at("/metrics/model/" + name).asDouble());
            String title = MetricWords.of(name).title();
            assertThat(page.all("//section[@id='metrics']//tr[th/abbr='" + title + "']/td[@title='" + exact + "']"))
                    .as(name)
                    .isNotEmpty();
        }
        assertThat(page(ReportSamples.withoutTrades())
                        .one("//section[@id='metrics']//tr[th/abbr='Sharpe per year']")
                        .getTextContent())
                .contains("undefined", "all returns are equal");
    }

    @Test
    void the_twin_has_the_numbers_that_are_drawn() throws Exception {
        BacktestResult result = ReportSamples.longest();
        JsonNode twin = json(result);
        double deepest = result.metrics().get("max_drawdown").value();
        double benchmark = max(twin.at("/underwater/benchmark"));

        assertThat(twin.at("/equity/model").size()).isEqualTo(10_001);
        assertThat(twin.at("/equity/model/10000").asDouble()).isEqualTo(result.equity()[10_000]);
        assertThat(max(twin.at("/underwater/model"))).isCloseTo(deepest, within(1e-12));
        assertThat(twin.at("/underwater/worst/0/depth").asDouble()).isCloseTo(deepest, within(1e-12));
        double[] pixels = ys(page(result).one("//section[@id='underwater']//*[@class='own' and name()='path']"));
        // The axis goes from 0 at 14 to 1.08 of the deeper one at 176.
        double drawn =
                (Arrays.stream(pixels).max().orElseThrow() - 14) / (176 - 14) * 1.08 * Math.max(deepest, benchmark);
        assertThat(pixels.length).isBetween(700, 1500);
        assertThat(drawn).isCloseTo(deepest, within(0.0005));
        assertThat(sum(twin.at("/distribution/counts"))
                        + twin.at("/distribution/below").asInt()
                        + twin.at("/distribution/above").asInt())
                .isEqualTo(10_000);
        assertThat(product(twin.at("/calendar/periods")))
                .isCloseTo(result.metrics().get("total_return").value(), within(1e-9));
        for (int step : new int[] {0, 5000, 9999}) {
            double all = twin.at("/activity/cash/" + step).asDouble();
            for (int asset = 0; asset < 7; asset++) {
                all += twin.at("/activity/weights/" + asset + "/" + step).asDouble();
            }
            assertThat(all).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void dates_make_a_calendar() {
        assertThat(json(ReportSamples.dated(ReportSamples.real(2)))
                        .at("/calendar/periods/0/period")
                        .asString())
                .isEqualTo("2025-01-29");
        JsonNode months = json(ReportSamples.dated(ReportSamples.longest()));
        assertThat(months.at("/calendar/periods/1/period").asString()).isEqualTo("2025-02");
        assertThat(months.at("/times/1").asString()).isEqualTo("2025-01-29T06:00:00Z");
    }

    @Test
    void the_panel_is_drawn_with_this_trial_marked() throws Exception {
        BacktestResult result = ReportSamples.real(2);
        OverfitPanel panel = ReportSamples.panel(result);
        BacktestReport report = BacktestReport.of(ReportSamples.subject(), result, panel);

        Parsed page = Parsed.of(report.html());

        assertThat(page.all("//svg[desc/@id='sharpes-desc']/circle")).hasSize(41);
        assertThat(page.all("//svg[desc/@id='sharpes-desc']/circle[@class='self']"))
                .hasSize(1);
        assertThat(page.all("//svg[desc/@id='logits-desc']/rect"))
                .hasSize(panel.logits().size());
        assertThat(page.all("//svg[desc/@id='splits-desc']/circle"))
                .hasSize(panel.splits().size());
        assertThat(report.toMap().get("overfitting")).isEqualTo(panel.toMap());
    }

    @Test
    void all_that_a_number_can_be_traced_to_is_there() throws Exception {
        BacktestResult result = ReportSamples.real(2);
        ReportSubject subject = ReportSamples.subject()
                .withSeed(42)
                .withTrialParameters(new LinkedHashMap<>(Fixtures.rawParameters(2)));

        String text = Parsed.of(BacktestReport.of(subject, result, null).html())
                .one("//section[@id='identity']")
                .getTextContent();

        assertThat(text)
                .contains(result.modelSha256(), result.dataSha256(), "data/1h_1680", "8760", "0.0025", "42", "2.0.0");
        result.rules().toMap().keySet().forEach(rule -> assertThat(text).contains(rule));
        Fixtures.rawParameters(2).keySet().forEach(name -> assertThat(text).contains(name));
    }

    @Test
    void a_parameter_that_is_no_number_is_said_in_words() {
        BacktestReport report = BacktestReport.of(
                ReportSamples.subject().withTrialParameters(Map.of("clip", Double.POSITIVE_INFINITY, "rate", 0.5)),
                ReportSamples.short3(),
                null);

        assertThat(NO_NUMBER.matcher(report.html()).find()).isFalse();
        assertThat(JsonValues.checked(report.toMap()).get("identity").toString())
                .contains("clip=not finite", "rate=0.5");
    }

    private static Parsed page(BacktestResult result) throws Exception {
        return Parsed.of(
                BacktestReport.of(ReportSamples.subject(), result, null).html());
    }

    private static JsonNode json(BacktestResult result) {
        return Fixtures.JSON.valueToTree(
                BacktestReport.of(ReportSamples.subject(), result, null).toMap());
    }

    private static double[] ys(Element path) {
        return Arrays.stream(path.getAttribute("d").split("[ML]"))
                .filter(point -> !point.isEmpty())
                .mapToDouble(point -> Double.parseDouble(point.split(" ")[1]))
                .toArray();
    }

    private static double max(JsonNode values) {
        double max = 0;
        for (JsonNode value : values) {
            max = Math.max(max, value.asDouble());
        }
        return max;
    }

    private static int sum(JsonNode values) {
        int sum = 0;
        for (JsonNode value : values) {
            sum += value.asInt();
        }
        return sum;
    }

    private static double product(JsonNode periods) {
        double product = 1;
        for (JsonNode period : periods) {
            product *= 1 + period.at("/return").asDouble();
        }
        return product - 1;
    }

    static Stream<Arguments> externalRuns() {
        return Stream.of(
                Arguments.of("all that can be told", List.of("equity", "benchmark", "fills"), GateSet.V2_BASIC),
                Arguments.of("a curve alone, without gates", List.of("equity"), null),
                Arguments.of("a curve and its benchmark", List.of("equity", "benchmark"), GateSet.STRICT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("externalRuns")
    void a_backtest_of_ones_own_has_a_report_with_what_its_curve_tells(
            String name, List<String> told, @Nullable GateSet gates) throws Exception {
        BacktestResult own = ReportSamples.real(2);
        ExternalResult result = ReportSamples.external(own, told, gates);

        BacktestReport report = BacktestReport.of(ReportSamples.subject(), result, ReportSamples.panel(own));

        String html = report.html();
        Parsed page = Parsed.of(html);
        assertThat(page.all("/html/body/main/section").stream()
                        .map(section -> section.getAttribute("id"))
                        .toList())
                .isEqualTo(SECTIONS);
        assertThat(NO_NUMBER.matcher(html).find()).as("text that is no number").isFalse();
        assertThat(html)
                .contains(
                        "own did this backtest",
                        "An equity curve does not tell what was held",
                        "How much of it may be luck")
                .doesNotContain("Rules of the game", "Orders are filled at the price of the bar", "Buy-and-hold puts");
        assertThat(html.contains("Equity against the benchmark")).isEqualTo(told.contains("benchmark"));
        assertThat(html.contains("There were no gates")).isEqualTo(gates == null);
        Map<String, Object> twin = JsonValues.checked(report.toMap());
        Map<String, Object> ofOurs =
                JsonValues.checked(BacktestReport.of(ReportSamples.subject(), own, ReportSamples.panel(own))
                        .toMap());
        assertThat(twin.keySet()).containsAll(SECTIONS);
        for (String section : List.of("underwater", "equity")) {
            assertThat(((Map<?, ?>) twin.get(section)).get("model"))
                    .isEqualTo(((Map<?, ?>) ofOurs.get(section)).get("model"));
        }
        for (String section : List.of("rolling_sharpe", "distribution", "overfitting")) {
            assertThat(twin.get(section)).as(section).isEqualTo(ofOurs.get(section));
        }
    }

    @Test
    void a_gate_of_ones_own_stands_in_the_table_of_gates() throws Exception {
        ExternalResult result = ReportSamples.external(
                ReportSamples.real(2),
                List.of("equity"),
                null,
                CustomGate.of("mondays", evidence -> GateDecision.rejected("it only earns on <Mondays>")));

        String html = BacktestReport.of(ReportSamples.subject(), result, null).html();

        assertThat(Parsed.of(html).all("/html/body/main/section[@id='verdict']//tbody/tr"))
                .singleElement()
                .satisfies(row -> assertThat(row.getTextContent())
                        .contains("mondays", "failed", "mondays failed: it only earns on <Mondays>"));
        assertThat(html).contains("REJECTED");
    }

    @Test
    void without_a_curve_there_is_nothing_to_report() {
        ExternalResult nothing = new ExternalResult(StageOutcome.passed("fine"), null, null);
        assertThatThrownBy(() -> BacktestReport.of(ReportSamples.subject(), nothing, null))
                .hasMessageContaining("the stage returned no series 'equity'");
    }
}
