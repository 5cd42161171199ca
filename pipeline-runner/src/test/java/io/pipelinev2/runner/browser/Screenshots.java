package io.pipelinev2.runner.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.pipelinev2.runner.program.DemoDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The pictures of the manual, taken anew with {@code -Dscreenshots.write=true}. */
final class Screenshots {

    private static final Path DIRECTORY = Path.of("../docs/screenshots");
    private static final long LARGEST = 150 * 1024;
    private static final int WIDE = 1280;
    private static final int NARROW = 400;
    private static final int HEIGHT = 720;

    /** A directory of a test is no sight. */
    private static final String ELSEWHERE = """
            home => {
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                texts.currentNode.data = texts.currentNode.data.replaceAll(home, '/srv/pipeline-demo')
                  .replaceAll(/\\/tmp\\/junit[^ ]*…/g, '/srv/pipeline-demo…');
              }
            }""";

    private Screenshots() {}

    static void write(Watched owner, DemoDaemon daemon) throws IOException {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("overview", "/?refresh=off");
        shown.put("trials", "/trials");
        shown.put("failed-trial", "/trials/" + daemon.trial(25) + "?refresh=off");
        shown.put(
                "deployment",
                "/deployments/" + daemon.value("select id from deployments where trial_id = " + daemon.trial(31))
                        + "?refresh=off");
        shown.put("health", "/health");
        shown.put("alerts", "/alerts");
        Files.createDirectories(DIRECTORY);
        for (Map.Entry<String, String> each : shown.entrySet()) {
            owner.page().navigate(each.getValue());
            take(owner, daemon, each.getKey(), ColorScheme.LIGHT, WIDE);
            take(owner, daemon, each.getKey() + "-dark", ColorScheme.DARK, WIDE);
        }
        owner.page().navigate("/?refresh=off");
        take(owner, daemon, "overview-narrow", ColorScheme.LIGHT, NARROW);
    }

    private static void take(Watched owner, DemoDaemon daemon, String name, ColorScheme colors, int width)
            throws IOException {
        owner.show(colors, width);
        owner.page().setViewportSize(width, HEIGHT);
        owner.page().evaluate(ELSEWHERE, daemon.home().toString());
        Path file = DIRECTORY.resolve(name + ".png");
        owner.page().screenshot(new Page.ScreenshotOptions().setPath(file));
        assertThat(Files.size(file)).as(name).isLessThan(LARGEST);
    }
}
