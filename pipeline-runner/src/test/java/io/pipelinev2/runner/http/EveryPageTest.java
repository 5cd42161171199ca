package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.http.frame.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every page: it is told apart, can be walked by keyboard and by ear, and needs no script. */
class EveryPageTest {

    private static final int FIRST_LOAD = 60 * 1024;
    private static final Pattern HEADING = Pattern.compile("<h([1-6])[ >]");
    private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

    @TempDir
    Path directory;

    private ServedHome home;
    private List<String> pages;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
        home.sample.alive();
        Trial trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null);
        home.sample.passed(trial, 1.0);
        Deployment deployment = home.sample.running(trial, 4711);
        pages = List.of(
                "/",
                "/trials",
                "/trials/" + trial.id(),
                "/deployments",
                "/deployments/" + deployment.id(),
                "/health",
                "/alerts",
                "/audit",
                "/login");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static long count(String page, String part) {
        return page.split(Pattern.quote(part), -1).length - 1L;
    }

    @Test
    void has_one_way_around_and_says_that_nothing_is_real() throws Exception {
        for (String path : pages) {
            String page = home.get(path).body();
            assertThat(page)
                    .as(path)
                    .contains(
                            "<html lang=\"en\">",
                            "<strong>PAPER</strong>",
                            "class=\"skip\" href=\"#main\"",
                            "<main id=\"main\" tabindex=\"-1\">",
                            "<nav aria-label=\"Main\">");
            for (Page.Place place : Page.Place.values()) {
                assertThat(page).as(path).contains("href=\"" + place.path() + "\"");
            }
            assertThat(count(page, "<main")).as(path).isEqualTo(1);
            assertThat(count(page, "<h1")).as(path).isEqualTo(1);
            assertThat(count(page, "aria-current=\"page\"")).as(path).isEqualTo(path.equals("/login") ? 0 : 1);
        }
    }

    @Test
    void has_headings_in_order_and_tables_with_names() throws Exception {
        for (String path : pages) {
            String page = home.get(path).body();
            int before = 0;
            for (MatchResult heading : HEADING.matcher(page).results().toList()) {
                int level = Integer.parseInt(heading.group(1));
                assertThat(level).as(path).isLessThanOrEqualTo(before + 1);
                before = level;
            }
            assertThat(count(page, "<table")).as(path).isEqualTo(count(page, "<caption"));
            assertThat(count(page, "<th ")).as(path).isEqualTo(count(page, " scope=\""));
        }
    }

    @Test
    void has_no_inline_script_nor_style_and_nothing_from_elsewhere() throws Exception {
        for (String path : pages) {
            assertThat(Scripts.without(home.get(path).body()))
                    .as(path)
                    .doesNotContain("<script", " style=", "<style", "http:", "https:", "//")
                    .doesNotContainPattern("<[^>]* on[a-z]+=");
            assertThat(home.get(path).headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
        }
    }

    @Test
    void says_which_orders_may_be_given_and_how_fresh_it_is() throws Exception {
        for (String path : pages.subList(0, pages.size() - 1)) {
            assertThat(home.get(path).body()).as(path).contains("Orders ", ">active<", "Data as of ");
        }
        new KillSwitch(home.home).set(TradingState.HALTED, "odd prices");
        for (String path : pages.subList(0, pages.size() - 1)) {
            assertThat(home.get(path).body()).as(path).contains(">halted<", "odd prices");
        }
        assertThat(home.get("/login").body()).doesNotContain("halted", "odd prices");
    }

    @Test
    void the_first_load_is_small_and_what_it_is_kept_up_to_date_with_comes_later() throws Exception {
        for (int i = 100; i < 128; i++) {
            home.sample.passed(home.sample.trial("ppo", i, 1.0 * i, TrialStatus.COMPLETED, "as in the demo"), 0.1 * i);
        }
        assertThat(firstLoad("/")).isLessThan(FIRST_LOAD);
        assertThat(home.get("/").body())
                .contains("data-htmx=\"/assets/vendor/htmx-")
                .doesNotContain("src=\"/assets/vendor/htmx-", "uplot");
    }

    @Test
    void charts_are_loaded_where_there_are_some_and_small_too() throws Exception {
        Random random = new Random(7);
        double[] values = new double[1680];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i == 0 ? 500 : values[i - 1]) * (1 + 0.01 * random.nextGaussian());
        }
        home.store.write(tx -> {
            tx.put(1, "backtest", List.of(new Series("equity", "d1", values), new Series("benchmark", "d1", values)));
            for (int i = 0; i < values.length; i++) {
                tx.append(List.of(new LedgerEntry(1, i + 1, "bar", home.clock.now(), (long) i, values[i], Map.of())));
            }
            return null;
        });
        assertThat(pages.stream().filter(path -> path.matches("/(trials|deployments)/.*")))
                .hasSize(2)
                .allSatisfy(path -> {
                    assertThat(home.get(path).body()).contains("uplot", "class=\"chart\"");
                    assertThat(firstLoad(path)).isLessThan(FIRST_LOAD);
                });
    }

    /** What a browser that has nothing yet is sent for a page. */
    private int firstLoad(String path) throws Exception {
        String page = home.get(path).body();
        int bytes = zipped(page);
        List<MatchResult> assets = ASSET.matcher(page).results().toList();
        assertThat(assets).hasSizeGreaterThan(3);
        for (MatchResult asset : assets) {
            bytes += zipped(home.get(asset.group(1)).body());
        }
        return bytes;
    }

    @Test
    void all_traders_can_be_halted_from_it() throws Exception {
        for (String path : pages.subList(0, pages.size() - 1)) {
            assertThat(home.getAsOwner(path).body())
                    .as(path)
                    .contains("class=\"alarm\" href=\"/orders/halt\"")
                    .doesNotContain("href=\"/orders/resume\"");
        }
        new KillSwitch(home.home).set(TradingState.HALTED, "odd prices");
        for (String path : pages.subList(0, pages.size() - 1)) {
            assertThat(home.getAsOwner(path).body())
                    .as(path)
                    .contains("href=\"/orders/resume\"")
                    .doesNotContain("href=\"/orders/halt\"");
        }
    }

    @Test
    void only_the_count_of_alerts_is_read_out_when_it_changes() throws Exception {
        for (String path : pages.subList(0, pages.size() - 1)) {
            String page = home.get(path).body();
            assertThat(page).as(path).contains("<span class=\"open\" aria-live=\"polite\"></span>");
            assertThat(count(page, "aria-live") + count(page, "role=\"status\""))
                    .as(path)
                    .isEqualTo(1);
        }
    }

    private static int zipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }
}
