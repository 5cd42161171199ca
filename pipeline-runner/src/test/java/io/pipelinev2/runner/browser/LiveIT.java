package io.pipelinev2.runner.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import io.pipelinev2.runner.program.DemoDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scripts add to pages: they keep themselves up to date, draw, and follow logs, and take nothing from their reader. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class LiveIT {

    @TempDir
    static Path directory;

    private DemoDaemon daemon;
    private Browsers browsers;
    private Watched tab;
    private Page page;

    @BeforeAll
    void open() {
        browsers = Browsers.open();
        daemon = DemoDaemon.start(directory, "", "\"pace\": \"100ms\", \"start_seconds\": 0.2", List.of(1, 6, 31));
        daemon.awaitDeployed(3);
        tab = new Watched(browsers.browser(), daemon, true);
        page = tab.page();
    }

    @AfterAll
    void close() {
        if (tab != null) {
            tab.close();
        }
        if (daemon != null) {
            daemon.close();
        }
        if (browsers != null) {
            browsers.close();
        }
    }

    private void awaitPoll() {
        page.waitForResponse(daemon.address() + "/deployments", () -> {});
    }

    @Test
    void a_page_is_kept_up_to_date_and_focus_stays_where_it_is() {
        page.navigate("/deployments");
        assertThat(page.locator("#as-of")).isVisible();
        page.locator("tbody a").first().focus();
        page.evaluate("window.before = document.activeElement");
        awaitPoll();
        awaitPoll();
        assertThat((Boolean) page.evaluate("document.activeElement === before && before.isConnected"))
                .isTrue();
        page.locator("#refresh").click();
        assertThat(page.locator("#refresh")).hasText("Resume refresh");
        assertThat(page.locator("#as-of")).containsText("paused");
        page.locator("#refresh").click();
        awaitPoll();
        assertThat(page.locator("#as-of")).not().containsText("paused");
        tab.assertNothingWrong();
    }

    @Test
    void the_page_of_a_trader_is_kept_up_to_date_and_what_is_enlarged_and_unfolded_stays() {
        String path = "/deployments/" + daemon.value("select min(id) from deployments");
        page.navigate(path);
        assertThat(page.locator(".plot canvas")).hasCount(2);
        BoundingBox plot = page.locator(".plot .u-over").first().boundingBox();
        page.mouse().move(plot.x + 20, plot.y + 40);
        page.mouse().down();
        page.mouse().move(plot.x + plot.width / 2, plot.y + 60);
        page.mouse().up();
        page.locator("summary")
                .filter(new Locator.FilterOptions().setHasText("Drawdown"))
                .click();
        String last = barAt(plot.width - 2, 40);
        page.evaluate("window.before = document.activeElement");
        String bars = page.locator("figcaption p").first().textContent();
        page.waitForResponse(response -> response.url().contains("/equity"), () -> {});
        assertThat(page.locator("figcaption p").first()).not().hasText(bars);
        assertThat((Boolean) page.evaluate("document.activeElement === before && before.isConnected"))
                .isTrue();
        assertThat(barAt(plot.width - 2, 50)).isEqualTo(last);
        assertThat(page.locator("details[open]")).hasCount(1);
        tab.assertNothingWrong();
    }

    /** Which bar is told of when somebody points there. */
    private String barAt(double x, double y) {
        page.locator(".plot .u-over").first().hover(new Locator.HoverOptions().setPosition(x, y));
        assertThat(page.locator(".readout")).containsText("Bar ");
        return page.locator(".readout").textContent().split(" · ")[0];
    }

    @Test
    void what_asks_before_it_acts_does_so_over_the_page() {
        try (Watched owner = new Watched(browsers.browser(), daemon, true)) {
            owner.signIn();
            Page shown = owner.page();
            Axe.putInto(shown);
            shown.navigate("/deployments");
            Locator halt = shown.locator("header a.alarm");
            halt.focus();
            shown.keyboard().press("Enter");
            assertThat(shown.locator("dialog")).containsText("paper traders take a slot now");
            Axe.assertContent(shown, "a dialog");
            shown.keyboard().press("Escape");
            assertThat(shown.locator("dialog")).hasCount(0);
            assertThat(halt).isFocused();
            halt.click();
            shown.locator("dialog a").click();
            assertThat(shown.locator("dialog")).hasCount(0);
            assertThat(halt).isFocused();
            assertThat(shown).hasURL(daemon.address() + "/deployments");
            owner.assertNothingWrong();
        }
    }

    @Test
    void it_is_said_when_data_are_late() {
        try (Watched other = new Watched(browsers.browser(), daemon, true)) {
            Page cut = other.page();
            cut.navigate("/deployments");
            // at first there may be nothing yet to be late
            assertThat(cut.locator("#as-of")).isVisible();
            cut.route(Pattern.compile(".*/deployments$"), Route::abort);
            assertThat(cut.locator("#as-of")).hasClass("chip warn");
            assertThat(cut.locator("#as-of")).containsText("late");
        }
    }

    @Test
    void a_theme_that_is_chosen_stays_and_charts_follow_it() {
        page.navigate("/deployments/" + daemon.value("select min(id) from deployments"));
        assertThat(page.locator(".plot canvas")).hasCount(2);
        page.locator("#theme").click();
        page.locator("#theme").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        assertThat(page.locator(".plot canvas")).hasCount(2);
        page.reload();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.locator("#theme").click();
        tab.assertNothingWrong();
    }

    @Test
    void a_log_is_followed_unless_it_is_paused() throws Exception {
        String id = daemon.value("select min(id) from deployments");
        Path log = daemon.home().resolve(daemon.value("select log_file from deployments where id = " + id));
        page.navigate("/deployments/" + id + "/log");
        Files.writeString(log, "a line of the test\n", StandardOpenOption.APPEND);
        assertThat(page.locator("pre.log")).containsText("a line of the test");
        page.locator("#tail button").click();
        assertThat(page.locator("#tail")).containsText("Paused");
        tab.assertNothingWrong();
    }
}
