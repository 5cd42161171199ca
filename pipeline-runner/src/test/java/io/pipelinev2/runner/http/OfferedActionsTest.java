package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may act is shown what can be done, on every page; who would be refused is not. */
class OfferedActionsTest {

    private static final Pattern ACTION =
            Pattern.compile("href=\"([^\"]*(?:/actions/[a-z]+|/orders/(?:halt|resume))[^\"]*)\"");

    @TempDir
    Path directory;

    /** With something to do on each of these pages. */
    private static List<String> pages(ServedHome home) {
        home.sample.alive().monitor().report("disk", HealthStatus.DEGRADED, "9 GB are left");
        Trial trial = home.sample.trial("ppo", 7, 1.0, TrialStatus.DEPLOYED, null);
        Deployment deployment = home.sample.running(trial, 4711);
        Trial failed = home.sample.trial("ppo", 8, 1.0, TrialStatus.FAILED, "no data");
        home.sample.stage(failed, "backtest", StageStatus.FAILED, 3, "no data", null);
        home.store.write(tx -> {
            tx.put(StageHold.paused("cge_stress", "new data", "ada", "cli", home.clock.now()));
            return tx.insert(
                    Alert.opened("crash_loop", "ppo/7", Alert.Severity.CRITICAL, "it is down", home.clock.now()));
        });
        return List.of(
                "/", "/trials", "/trials/" + failed.id(), "/deployments/" + deployment.id(), "/deployments", "/alerts");
    }

    private ServedHome home(String name, UnaryOperator<DashboardSettings> changed) throws Exception {
        return new ServedHome(Files.createDirectory(directory.resolve(name)), changed);
    }

    private static Map<String, List<String>> offered(ServedHome home, List<String> pages, String... headers)
            throws Exception {
        Map<String, List<String>> offered = new LinkedHashMap<>();
        for (String path : pages) {
            List<String> links = new ArrayList<>();
            for (MatchResult link :
                    ACTION.matcher(home.get(path, headers).body()).results().toList()) {
                links.add(link.group(1).replace("&amp;", "&"));
            }
            offered.put(path, links);
        }
        return offered;
    }

    @Test
    void the_owner_is_shown_what_then_works() throws Exception {
        try (ServedHome home = home("owned", settings -> settings)) {
            List<String> pages = pages(home);
            String cookie = SignedIn.asOwner(home).cookie();

            Map<String, List<String>> offered = offered(home, pages, "Cookie", cookie);

            assertThat(offered).allSatisfy((path, links) -> assertThat(links).contains("/orders/halt"));
            assertThat(offered.get("/"))
                    .contains("/stages/backtest/actions/pause", "/stages/cge_stress/actions/unpause");
            assertThat(offered.get("/")).doesNotContain("/stages/cge_stress/actions/pause");
            for (String path : pages) {
                assertThat(offered.get(path)).as(path).hasSizeGreaterThan(path.equals("/deployments") ? 0 : 1);
                for (String link : offered.get(path)) {
                    assertThat(home.get(link, "Cookie", cookie).statusCode())
                            .as(link)
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void a_stranger_is_shown_where_to_sign_in_and_nothing_else() throws Exception {
        try (ServedHome home = home("strange", settings -> settings)) {
            List<String> pages = pages(home);

            assertThat(offered(home, pages))
                    .allSatisfy((path, links) -> assertThat(links).isEmpty());
            for (String path : pages) {
                String next = path.equals("/") ? "" : "?next=" + SignedIn.encoded(path);
                assertThat(home.get(path).body())
                        .as(path)
                        .containsOnlyOnce("<a href=\"/login" + next + "\">Sign in to act</a>")
                        .contains("Orders ");
            }
        }
    }

    @Test
    void who_may_only_read_is_shown_nothing_to_do_and_is_told_so_at_its_address() throws Exception {
        Path token = directory.resolve("read_token");
        try (ServedHome home = home("read", ServedHome.readsByTheirOwnToken(token))) {
            List<String> pages = pages(home);
            String cookie = SignedIn.by(Files.readString(token).strip(), home).cookie();

            assertThat(offered(home, pages, "Cookie", cookie))
                    .allSatisfy((path, links) -> assertThat(links).isEmpty());
            assertThat(home.get("/", "Cookie", cookie).body()).contains("Signed in to read");
            for (String path : List.of(
                    "/trials/1/actions/retry",
                    "/stages/backtest/actions/pause",
                    "/alerts/1/actions/ack",
                    "/trials/actions/retry",
                    "/orders/halt")) {
                assertThat(home.get(path, "Cookie", cookie).headers().firstValue("Location"))
                        .as(path)
                        .hasValue("/login?next=" + SignedIn.encoded(path));
            }
        }
    }

    @Test
    void nothing_is_offered_to_anybody_where_nothing_can_be_changed() throws Exception {
        try (ServedHome home = home("still", ServedHome.readOnly())) {
            List<String> pages = pages(home);
            String cookie = SignedIn.asOwner(home).cookie();

            assertThat(offered(home, pages, "Cookie", cookie))
                    .allSatisfy((path, links) -> assertThat(links).isEmpty());
            assertThat(home.get("/").body()).contains("read-only").doesNotContain("Sign in to act");
        }
    }
}
