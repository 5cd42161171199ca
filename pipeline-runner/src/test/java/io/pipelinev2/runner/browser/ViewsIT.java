package io.pipelinev2.runner.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.pipelinev2.runner.program.DemoDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Every page of a daemon that has decided the demo's trials and trades the best three, as people see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class ViewsIT {

    private static final int WIDE = 1280;
    private static final int NARROW = 400;

    /** Never trades, has no model, is deployed, was only validated. */
    private static final List<Integer> TRIALS = List.of(25, 9, 31, 8);

    @TempDir
    static Path directory;

    private DemoDaemon daemon;
    private Browsers browsers;
    private Watched owner;

    @BeforeAll
    void open() {
        browsers = Browsers.open();
        daemon = DemoDaemon.start(
                directory,
                "\"daemon\": { \"health_check_interval\": 1 },",
                "\"pace\": \"100ms\", \"start_seconds\": 0.2",
                List.of());
        daemon.awaitDeployed(3);
        daemon.says("pause", "backtest", "--reason", "the market data is being replaced");
        daemon.awaitValue("select count(*) from alerts where rule = 'stage_held'", "1");
        owner = new Watched(browsers.browser(), daemon, true);
        Axe.putInto(owner.page());
        owner.signIn();
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

    @TestFactory
    Stream<DynamicTest> is_there_for_everybody_in_both_themes_wide_and_narrow() {
        return Site.of(daemon).pages(TRIALS).stream()
                .map(path -> DynamicTest.dynamicTest(path, () -> assertIsThereForEverybody(path)));
    }

    private void assertIsThereForEverybody(String path) {
        Page page = owner.page();
        Response answer = page.navigate(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(page.url()).as("not sent elsewhere").isEqualTo(daemon.address() + path);
        assertThat(page.title()).startsWith("Pipeline V2: ");
        // a page that asks before it acts is one form, whatever it is about
        boolean asks = path.contains("/actions/");
        for (int width : List.of(WIDE, NARROW)) {
            owner.show(ColorScheme.LIGHT, width);
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as("how wide it is at %d pixels", width)
                    .isLessThanOrEqualTo(width);
            if (width == NARROW && asks) {
                continue;
            }
            Axe.assertContent(page, path + ", light, " + width + " pixels wide");
            owner.show(ColorScheme.DARK, width);
            Axe.assertContentWithColors(page, path + ", dark, " + width + " pixels wide");
        }
        owner.assertNothingWrong();
    }

    @Test
    void the_dashboard_leads_in_two_steps_to_why_a_trial_failed() {
        assertLeads(25, "the model never trades");
        assertLeads(9, "no model");
    }

    private void assertLeads(int number, String begun) {
        try (Watched stranger = new Watched(browsers.browser(), daemon, true)) {
            Page page = stranger.page();
            page.navigate("/");
            Locator failed = page.getByRole(AriaRole.ROW)
                    .filter(new Locator.FilterOptions().setHasText("ppo_1h/" + number))
                    .filter(new Locator.FilterOptions().setHasText("failed"));
            assertThat(failed.first()).containsText(begun);
            failed.first().getByRole(AriaRole.LINK).first().click();
            assertThat(page.locator("main")).containsText(reason(number));
            page.getByLabel("Log of attempt 1 of backtest").click();
            assertThat(page.locator("pre")).containsText(begun);
            stranger.assertNothingWrong();
        }
    }

    private String reason(int number) {
        return daemon.value("select reason from trials where trial_number = " + number);
    }

    @Test
    void the_command_line_leads_there_in_the_two_steps_of_the_manual() throws IOException {
        String manual = Files.readString(Path.of("../docs/operations.md"));
        List<String> steps = Pattern.compile("^[12]\\. `P ([a-z]+)( N)?`", Pattern.MULTILINE)
                .matcher(manual.substring(manual.indexOf("## Why did this trial fail?")))
                .results()
                .map(step -> step.group(1))
                .limit(2)
                .toList();
        assertThat(steps).containsExactly("trials", "show");
        String all = daemon.says(steps.get(0));
        for (int number : List.of(25, 9)) {
            assertThat(all.lines())
                    .anyMatch(line -> line.startsWith("ppo_1h/" + number + " ")
                            && line.contains("failed")
                            && line.contains(reason(number).substring(0, 30)));
            assertThat(daemon.says(steps.get(1), Integer.toString(number))).contains("because   " + reason(number));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "screenshots.write", matches = "true")
    void is_shown_in_the_manual() throws IOException {
        Screenshots.write(owner, daemon);
    }
}
