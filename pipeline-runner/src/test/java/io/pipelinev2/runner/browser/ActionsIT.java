package io.pipelinev2.runner.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import io.pipelinev2.runner.program.DemoDaemon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be done from a browser, done there and looked for in the database and by the command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class ActionsIT {

    private static final Pattern IDS = Pattern.compile("/[0-9]+(?=/|$)");
    private static final int MOST_TABS = 80;
    /** On the page that asks, or in the dialog that shows it. */
    private static final String FORM = "form[method=post]";

    private static final String WHY = "because of a <test>";

    /** 31, 6 and 1 are deployed, 8 is only validated, 9 has no model, 25 never trades. */
    private static final List<Integer> KEPT = List.of(1, 6, 8, 9, 25, 31);

    @TempDir
    static Path directory;

    private final Set<String> sent = new TreeSet<>();
    private DemoDaemon daemon;
    private Browsers browsers;
    private Map<String, String> forms;
    private Watched owner;

    @BeforeAll
    void open() {
        browsers = Browsers.open();
        daemon = DemoDaemon.start(
                directory,
                "\"daemon\": { \"health_check_interval\": 1 },",
                "\"restarts\": 0, \"start_seconds\": 0.2",
                KEPT);
        daemon.awaitDeployed(3);
        forms = Site.of(daemon).forms();
        owner = tab(true);
        owner.signIn();
    }

    private Watched tab(boolean scripts) {
        Watched tab = new Watched(browsers.browser(), daemon, scripts);
        tab.page().onRequest(request -> {
            if (request.method().equals("POST")) {
                sent.add(IDS.matcher(request.url().substring(daemon.address().length()))
                        .replaceAll("/{id}")
                        .replace("/stages/backtest/", "/stages/{stage}/"));
            }
        });
        return tab;
    }

    @AfterAll
    void close() {
        if (owner != null) {
            owner.close();
        }
        if (daemon != null) {
            daemon.close();
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    @Test
    @Order(1)
    void the_whole_way_by_keyboard_from_signing_in_to_a_halt() {
        try (Watched keyboard = tab(true)) {
            Page page = keyboard.page();
            page.navigate("/trials");
            follow(page, page.getByRole(AriaRole.LINK, named("Sign in to act")));
            focus(page, page.getByLabel("Access token"));
            page.keyboard().type(daemon.token());
            page.keyboard().press("Enter");
            page.waitForURL(daemon.address() + "/trials");
            follow(page, page.getByRole(AriaRole.LINK, named("ppo_1h/31")));
            focus(page, page.locator("main").getByRole(AriaRole.LINK, called("halt")));
            page.keyboard().press("Enter");
            assertThat(page.locator("dialog form")).containsText(forms.get("/trials/{id}/actions/halt"));
            focus(page, page.locator("select[name=state]"));
            page.keyboard().type("reducing");
            focus(page, page.locator("input[name=reason]"));
            page.keyboard().type(WHY);
            focus(page, page.getByRole(AriaRole.BUTTON, named("Yes, halt")));
            page.keyboard().press("Enter");
            assertThat(page.getByText("enters nothing more").first()).isVisible();

            assertThat(deployment(31, "orders")).isEqualTo("reducing");
            assertThat(daemon.says("deployments")).contains("reducing");
            assertThat(daemon.value("select message from events where type = 'operator_halt'"))
                    .contains(WHY);
            follow(page, page.getByRole(AriaRole.LINK, named("Back to the trial")));
            keyboard.assertNothingWrong();
        }
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.GetByRoleOptions called(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    /** Goes on with the tabulator until it stands there. */
    private static void focus(Page page, Locator wanted) {
        wanted.waitFor();
        for (int i = 0; i < MOST_TABS; i++) {
            page.keyboard().press("Tab");
            try {
                if ((Boolean) wanted.evaluate("it => it === document.activeElement")) {
                    return;
                }
            } catch (PlaywrightException e) {
                // a page that has loaded itself again begins anew
                wanted.waitFor();
            }
        }
        throw new AssertionError("not reached by keyboard at " + page.url() + ": " + wanted);
    }

    private static void follow(Page page, Locator wanted) {
        focus(page, wanted);
        String before = page.url();
        page.keyboard().press("Enter");
        page.waitForURL(url -> !url.equals(before));
    }

    @Test
    @Order(2)
    void without_a_script() {
        try (Watched plain = tab(false)) {
            plain.signIn();
            act(plain, 31, "resume", Map.of("reason", WHY));
            assertThat(deployment(31, "orders")).isEqualTo("active");
            plain.page().navigate("/login");
            plain.page().getByRole(AriaRole.BUTTON, named("Sign out")).click();
            plain.page().getByRole(AriaRole.LINK, named("Sign in to act")).waitFor();
            plain.assertNothingWrong();
        }
    }

    /** From the trial's page over the one that asks to the one that says what was done. */
    private String act(Watched tab, int number, String verb, Map<String, String> fields) {
        tab.page().navigate("/trials/" + daemon.trial(number));
        String words = act(tab, verb, "/trials/{id}/actions/" + verb, verb, fields);
        tab.page().getByRole(AriaRole.LINK, named("Back to the trial")).click();
        assertThat(tab.page().locator("h1")).containsText("ppo_1h/" + number);
        return words;
    }

    private String act(Watched tab, String link, String form, String verb, Map<String, String> fields) {
        return act(tab, tab.page().locator("main").getByRole(AriaRole.LINK, called(link)), form, verb, fields);
    }

    private String act(Watched tab, Locator link, String form, String verb, Map<String, String> fields) {
        link.click();
        return confirm(tab, forms.get(form), verb, fields);
    }

    /** On the page that asks. */
    private static String confirm(Watched tab, String words, String verb, Map<String, String> fields) {
        Page page = tab.page();
        assertThat(page.locator(FORM)).containsText(words);
        fields.forEach((name, value) -> {
            Locator field = page.locator(FORM + " [name=" + name + "]");
            if (field.evaluate("it => it.tagName").equals("SELECT")) {
                field.selectOption(value);
            } else {
                field.fill(value);
            }
        });
        page.getByRole(AriaRole.BUTTON, named("Yes, " + verb)).click();
        Locator outcome = page.getByRole(AriaRole.STATUS).last();
        assertThat(outcome).not().isEmpty();
        return outcome.textContent();
    }

    private String act(int number, String verb, Map<String, String> fields) {
        return act(owner, number, verb, fields);
    }

    private static final Map<String, String> BECAUSE = Map.of("reason", WHY);

    private String deployment(int number, String column) {
        return daemon.value("select " + column + " from deployments where trial_id = " + daemon.trial(number)
                + " order by id desc limit 1");
    }

    private void awaitDeployment(int number, String column, String value) {
        daemon.awaitValue(
                "select " + column + " from deployments where trial_id = " + daemon.trial(number)
                        + " order by id desc limit 1",
                value);
    }

    private String trial(int number, String column) {
        return daemon.value("select " + column + " from trials where trial_number = " + number);
    }

    private void awaitTrial(int number, String column, String value) {
        daemon.awaitValue("select " + column + " from trials where trial_number = " + number, value);
    }

    @Test
    @Order(3)
    void on_trials() {
        assertThat(act(9, "retry", BECAUSE)).contains("ppo_1h/9 is due again");
        daemon.awaitValue(
                "select count(*) from attempts where outcome = 'error' and trial_id = " + daemon.trial(9), "2");
        act(25, "skip", Map.of("stage", "backtest", "reason", WHY));
        assertThat(backtest(25)).isEqualTo("skipped");

        daemon.says("pause", "backtest", "--reason", "so that a trial waits");
        act(8, "retry", Map.of("stage", "backtest"));
        assertThat(backtest(8)).isEqualTo("pending");
        act(8, "park", BECAUSE);
        assertThat(trial(8, "parked")).isEqualTo("1");
        act(8, "unpark", Map.of());
        assertThat(trial(8, "parked")).isEqualTo("0");
        act(8, "cancel", BECAUSE);
        awaitTrial(8, "status", "failed");
        assertThat(daemon.says("show", "8")).contains(WHY);
        owner.assertNothingWrong();
    }

    private String backtest(int number) {
        return daemon.value(
                "select status from stages where stage_name = 'backtest' and trial_id = " + daemon.trial(number));
    }

    @Test
    @Order(4)
    void on_alerts() {
        Page page = owner.page();
        daemon.awaitValue("select count(*) from alerts where rule = 'stage_held'", "1");
        String id = daemon.value("select id from alerts where rule = 'stage_held'");
        page.navigate("/alerts");
        act(owner, "silence alert " + id, "/alerts/{id}/actions/silence", "silence", Map.of("for", "2h"));
        assertThat(daemon.value("select silenced_until is not null from alerts where id = " + id))
                .isEqualTo("1");
        page.getByRole(AriaRole.LINK, named("Back to the alerts")).click();
        act(owner, "ack alert " + id, "/alerts/{id}/actions/ack", "ack", Map.of());
        assertThat(daemon.says("alerts")).contains("acknowledged");
        page.getByRole(AriaRole.LINK, named("Back to the alerts")).click();
        assertThat(page.locator("main")).containsText("acknowledged by");
        daemon.says("unpause", "backtest");
        owner.assertNothingWrong();
    }

    @Test
    @Order(5)
    void on_paper_traders() {
        act(31, "flatten", BECAUSE);
        assertThat(deployment(31, "flattens")).isEqualTo("1");
        String before = deployment(31, "process_id");
        act(31, "restart", BECAUSE);
        daemon.awaitValue(
                "select count(*) from process_runs r join deployments d on d.id = r.deployment_id where d.trial_id = "
                        + daemon.trial(31),
                "2");
        awaitDeployment(31, "health = 'healthy' and process_id is not null and process_id <> " + before, "1");
        act(31, "stop", BECAUSE);
        awaitDeployment(31, "status", "stopped");
        assertThat(daemon.says("show", "31")).contains("stopped");
        act(31, "deploy", BECAUSE);
        awaitDeployment(31, "health = 'healthy' and process_id is not null", "1");

        daemon.killTrader(6);
        awaitDeployment(6, "health", "crash_loop");
        act(6, "reset", BECAUSE);
        awaitDeployment(6, "status = 'running' and process_id is not null", "1");
        owner.assertNothingWrong();
    }

    @Test
    @Order(6)
    void on_who_gets_a_slot() {
        act(1, "pin", BECAUSE);
        assertThat(preference(1)).containsExactly("pinned");
        assertThat(daemon.says("deployments")).contains("pinned");
        act(1, "unpin", Map.of());
        assertThat(preference(1)).isEmpty();
        act(1, "never", BECAUSE);
        assertThat(preference(1)).containsExactly("never");
        awaitDeployment(1, "status", "stopped");
        act(1, "readmit", Map.of());
        assertThat(preference(1)).isEmpty();
        owner.page().navigate("/audit");
        for (String words : List.of("unpinned by", "never to be deployed", "let in again by", "reset by", "flatten")) {
            assertThat(owner.page().locator("main")).containsText(words);
        }
        owner.assertNothingWrong();
    }

    private List<String> preference(int number) {
        return daemon.rows("select kind from preferences where trial_id = " + daemon.trial(number));
    }

    @Test
    @Order(7)
    void on_all_traders_at_once() {
        owner.page().navigate("/audit");
        Locator head = owner.page().locator("header");
        act(owner, head.getByRole(AriaRole.LINK, called("Halt all")), "/orders/halt", "halt all", BECAUSE);
        assertThat(daemon.tells("status").path("orders").asString()).isEqualTo("halted");
        owner.page().navigate("/audit");
        act(owner, head.getByRole(AriaRole.LINK, called("Resume all")), "/orders/resume", "resume all", BECAUSE);
        assertThat(daemon.tells("status").path("orders").asString()).isEqualTo("active");
        owner.assertNothingWrong();
    }

    @Test
    @Order(8)
    void on_all_trials_of_a_list_and_on_a_stage() {
        Page page = owner.page();
        page.navigate("/");
        page.getByRole(AriaRole.LINK, named("Pause backtest")).click();
        confirm(owner, "Begins nothing more of a stage until it is unpaused", "pause", BECAUSE);
        assertThat(daemon.says("status")).contains(WHY);

        page.navigate("/trials?status=failed&text=model");
        page.getByRole(AriaRole.LINK, named("retry all that match")).click();
        confirm(owner, "ppo_1h/9", "retry 1", BECAUSE);
        assertThat(backtest(9)).isEqualTo("pending");
        page.navigate("/trials?number=9");
        page.getByRole(AriaRole.LINK, named("skip all that match")).click();
        confirm(owner, "ppo_1h/9", "skip 1", Map.of("stage", "backtest", "reason", WHY));
        assertThat(backtest(9)).isEqualTo("skipped");

        page.navigate("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("unpause"))
                .first()
                .click();
        confirm(owner, "are begun again", "unpause", BECAUSE);
        assertThat(daemon.says("status")).doesNotContain(WHY);
        owner.assertNothingWrong();
    }

    @Test
    @Order(9)
    void there_is_no_form_that_was_not_sent() {
        assertThat(sent).containsAll(forms.keySet());
    }
}
