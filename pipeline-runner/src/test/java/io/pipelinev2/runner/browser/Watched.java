package io.pipelinev2.runner.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.pipelinev2.runner.program.DemoDaemon;
import java.util.ArrayList;
import java.util.List;

/** A tab of a browser, and all that went wrong in it. */
final class Watched implements AutoCloseable {

    /** For a machine that has much else to do. */
    private static final double PATIENCE_MILLIS = 30_000;

    private final DemoDaemon daemon;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    /** @param scripts whether pages may run scripts */
    Watched(Browser browser, DemoDaemon daemon, boolean scripts) {
        this.daemon = daemon;
        this.context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(daemon.address())
                .setColorScheme(ColorScheme.LIGHT)
                .setViewportSize(1280, 800)
                .setJavaScriptEnabled(scripts));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        this.page = context.newPage();
        // what a policy forbids is told on the console, too
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("thrown: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(daemon.address() + "/")) {
                complaints.add("asked another: " + request.url());
            }
        });
        page.onResponse(response -> {
            if (response.status() >= 400) {
                complaints.add(response.status() + " " + response.url());
            }
        });
    }

    Page page() {
        return page;
    }

    /** As its owner does it. */
    void signIn() {
        page.navigate("/login");
        page.getByLabel("Access token").fill(daemon.token());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(daemon.address() + "/");
    }

    void show(ColorScheme colors, int width) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colors));
        page.setViewportSize(width, 800);
    }

    void assertNothingWrong() {
        assertThat(complaints).as("in the browser, at %s", page.url()).isEmpty();
    }

    @Override
    public void close() {
        context.close();
    }
}
