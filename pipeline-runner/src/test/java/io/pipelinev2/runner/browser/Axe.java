package io.pipelinev2.runner.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * axe-core, which knows the rules of WCAG. It is put into a page before the page's own scripts, past its policy, which stays in
 * force; {@code preload} is off, as it would fetch the style sheet against that policy.
 */
final class Axe {

    private static final String SCRIPT = script();

    private static final List<String> ALL =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final List<String> OF_COLORS = List.of("color-contrast", "link-in-text-block");

    private static final String RUN = """
            async only => {
              const found = await axe.run(document, {
                preload: false,
                resultTypes: ['violations'],
                runOnly: only
              });
              return found.violations.map(each => each.id + ': ' + each.help + ' ('
                + each.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + node.failureSummary).join('; ')
                + (each.nodes.length > 3 ? '; and ' + (each.nodes.length - 3) + ' more' : '') + ')');
            }""";

    private Axe() {}

    static void putInto(Page page) {
        page.addInitScript(SCRIPT);
    }

    static void assertContent(Page page, String what) {
        assertContent(page, what, Map.of("type", "tag", "values", ALL));
    }

    /** The same of the rules that go by colours: enough for a page in another theme, which differs in nothing else. */
    static void assertContentWithColors(Page page, String what) {
        assertContent(page, what, Map.of("type", "rule", "values", OF_COLORS));
    }

    private static void assertContent(Page page, String what, Map<String, Object> only) {
        Object found = page.evaluate(RUN, only);
        assertThat((List<?>) found).as("axe, %s", what).isEmpty();
    }

    private static String script() {
        try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in, "axe-core").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
