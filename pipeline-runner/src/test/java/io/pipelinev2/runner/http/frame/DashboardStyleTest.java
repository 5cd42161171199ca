package io.pipelinev2.runner.http.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DashboardStyleTest {

    private static final double AA = 4.5;
    private static final String[][] PAIRS = {
        {"ink", "ground"},
        {"ink", "surface"},
        {"ink", "sunken"},
        {"muted", "ground"},
        {"muted", "surface"},
        {"muted", "sunken"},
        {"accent", "ground"},
        {"accent", "surface"},
        {"accent", "sunken"},
        {"bad", "ground"},
        {"warn", "ground"},
        {"good", "good-soft"},
        {"good", "surface"},
        {"good", "sunken"},
        {"bad", "bad-soft"},
        {"bad", "surface"},
        {"bad", "sunken"},
        {"busy", "busy-soft"},
        {"warn", "warn-soft"},
        {"warn", "surface"},
        {"plain", "plain-soft"},
        {"paper", "paper-soft"},
    };

    @Test
    void text_can_be_read_in_both_themes() {
        String css = new String(Asset.STYLE.content(), StandardCharsets.UTF_8);
        Map<String, Integer> light = colours(css, 1);
        Map<String, Integer> night = colours(css, 2);
        for (String[] pair : PAIRS) {
            for (Map<String, Integer> theme : List.of(light, night)) {
                assertThat(contrast(theme.get(pair[0]), theme.get(pair[1])))
                        .as("%s on %s, %s", pair[0], pair[1], theme == light ? "light" : "dark")
                        .isGreaterThanOrEqualTo(AA);
            }
        }
    }

    @Test
    void each_colour_is_written_once_for_both_themes() {
        String css = new String(Asset.STYLE.content(), StandardCharsets.UTF_8);
        assertThat(css)
                .contains(
                        ":root[data-theme=\"light\"] { color-scheme: light; }",
                        ":root[data-theme=\"dark\"] { color-scheme: dark; }")
                .doesNotContain("prefers-color-scheme");
        assertThat(colours(css, 1).keySet())
                .hasSizeGreaterThan(15)
                .isEqualTo(colours(css, 2).keySet());
    }

    @Test
    void the_alarm_can_be_read_on_its_own_ground_in_both_themes() {
        String css = new String(Asset.STYLE.content(), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile("--alarm: #([0-9a-f]{6}); --on-alarm: #([0-9a-f]{6});")
                .matcher(css);
        assertThat(matcher.find()).isTrue();
        assertThat(contrast(Integer.parseInt(matcher.group(1), 16), Integer.parseInt(matcher.group(2), 16)))
                .isGreaterThanOrEqualTo(AA);
    }

    @Test
    void the_style_asks_for_nothing_from_elsewhere() {
        assertThat(new String(Asset.STYLE.content(), StandardCharsets.UTF_8))
                .doesNotContain("url(", "@import", "http:", "https:");
    }

    /** @param theme 1 for light, 2 for dark */
    private static Map<String, Integer> colours(String css, int theme) {
        Map<String, Integer> colours = new HashMap<>();
        Matcher matcher = Pattern.compile("--([a-z-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\);")
                .matcher(css);
        while (matcher.find()) {
            colours.put(matcher.group(1), Integer.parseInt(matcher.group(theme + 1), 16));
        }
        return colours;
    }

    /** The contrast ratio of WCAG 2. */
    private static double contrast(int one, int other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16 & 0xff) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
