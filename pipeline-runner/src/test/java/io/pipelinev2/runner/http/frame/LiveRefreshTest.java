package io.pipelinev2.runner.http.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.ServedHome;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script of a page that keeps itself up to date is answered. */
class LiveRefreshTest {

    private static final String[] SCRIPT = {"HX-Request", "true"};

    @TempDir
    Path directory;

    private ServedHome home;

    @BeforeEach
    void open() {
        home = new ServedHome(directory);
        home.sample.alive();
        home.sample.running(home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null), 4711);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private HttpResponse<String> asked(String path, String tag) throws Exception {
        return home.get(path, "HX-Request", "true", "If-None-Match", tag);
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/deployments"})
    void it_gets_what_the_page_shows_and_how_old_that_is(String path) throws Exception {
        HttpResponse<String> answer = home.get(path, SCRIPT);

        assertThat(answer.body())
                .startsWith("<title>Pipeline V2: ")
                .contains("<div id=\"live\">", "<header>", "<main id=\"main\"", "4711")
                .doesNotContain("<html", "<script", "data-hx-get");
        assertThat(home.get(path).body())
                .contains("<html", "data-hx-get=\"" + path + "\"", "data-seconds=\"5\"")
                .doesNotContain("data-paused");
        assertThat(answer.headers().firstValue("Data-As-Of")).isPresent();
        assertThat(answer.headers().firstValueAsLong("Age")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/deployments"})
    void nothing_is_sent_twice_and_ages_alone_are_no_news(String path) throws Exception {
        String first = tag(home.get(path, SCRIPT));
        home.clock.advance(Duration.ofSeconds(7));

        HttpResponse<String> same = asked(path, first);
        home.sample.running(home.sample.trial("ppo", 8, 1.0, TrialStatus.DEPLOYED, null), 4712);
        // what takes long to read is read anew after a while alone
        HttpResponse<String> news = await().until(() -> asked(path, first), answer -> answer.statusCode() == 200);

        assertThat(first).startsWith("W/\"");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("Data-As-Of")).isPresent();
        assertThat(news.body()).contains("4712");
        assertThat(tag(news)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/trials/1", "/deployments/1"})
    void the_page_of_one_is_kept_up_to_date_too(String path) throws Exception {
        HttpResponse<String> part = home.get(path, SCRIPT);
        String first = tag(part);
        home.clock.advance(Duration.ofSeconds(7));
        HttpResponse<String> same = asked(path, first);
        home.store.write(tx -> {
            tx.append(List.of(new LedgerEntry(1, 1, "open", home.clock.now(), null, 1234.5, Map.of())));
            Trial trial = tx.trial(1).orElseThrow();
            tx.update(trial, trial.held("it waits for <data>", home.clock.now()));
            return null;
        });
        HttpResponse<String> news = asked(path, first);

        assertThat(part.body()).contains("<div id=\"live\">").doesNotContain("<html", "<script");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(news.statusCode()).isEqualTo(200);
        assertThat(news.body()).contains(path.startsWith("/trials") ? "it waits for &lt;data&gt;" : "1,234.50");
        assertThat(home.get(path).body())
                .contains("data-hx-get=\"" + path + "\"", "http-equiv=\"refresh\"", path + "?refresh=off");
        assertThat(home.get(path + "?refresh=off").body()).doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void what_a_script_has_drawn_is_told_apart_from_what_there_is_to_draw_now() throws Exception {
        Function<Long, String> version = sequence -> {
            home.store.write(tx -> {
                tx.append(List.of(
                        new LedgerEntry(1, sequence, "bar", home.clock.now(), sequence, 1000.0 + sequence, Map.of())));
                return null;
            });
            return part("/deployments/1").replaceAll("(?s).*data-version=\"([0-9a-f]+)\".*", "$1");
        };

        String first = version.apply(1L);

        assertThat(first).matches("[0-9a-f]+");
        assertThat(part("/deployments/1")).contains("data-version=\"" + first + "\"");
        assertThat(version.apply(2L)).matches("[0-9a-f]+").isNotEqualTo(first);
    }

    private String part(String path) {
        try {
            return home.get(path, SCRIPT).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_tab_is_told_what_is_wrong() throws Exception {
        home.sample.monitor().report("deploy", HealthStatus.DEGRADED, "1 of 3 traders is in a crash loop");

        assertThat(home.get("/", SCRIPT).body()).startsWith("<title>Pipeline V2: degraded</title>");
    }

    @Test
    void a_page_that_was_told_to_wait_says_so_and_knows_the_way_back() throws Exception {
        assertThat(home.get("/deployments?refresh=off").body())
                .contains(
                        "data-hx-get=\"/deployments\"",
                        "data-paused=\"\"",
                        "<noscript><a href=\"/deployments\">Resume refresh</a></noscript>")
                .doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void whose_session_is_over_is_sent_to_sign_in_and_not_shown_it_within_the_page() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ServedHome guarded = new ServedHome(other, ServedHome.readsProtected())) {
            HttpResponse<String> answer = guarded.get("/", SCRIPT);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("HX-Redirect")).hasValue("/login");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void nothing_in_a_page_is_run() throws Exception {
        assertThat(home.get("/").body())
                .contains(
                        "&quot;allowEval&quot;:false",
                        "&quot;allowScriptTags&quot;:false",
                        "&quot;includeIndicatorStyles&quot;:false",
                        "&quot;selfRequestsOnly&quot;:true");
    }
}
