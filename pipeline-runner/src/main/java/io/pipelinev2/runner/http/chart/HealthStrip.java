package io.pipelinev2.runner.http.chart;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a component did over the last day, half an hour a bar: the worse, the higher. Good news are recorded only now and then,
 * so a half hour without any report is one in which nobody looked.
 */
public final class HealthStrip {

    static final Duration SPAN = Duration.ofHours(24);

    private static final int BARS = 48;
    private static final Duration BAR = SPAN.dividedBy(BARS);
    private static final int WIDTH = 4;

    private final @Nullable HealthStatus[] worst = new HealthStatus[BARS];
    private @Nullable Instant changed;

    /**
     * @param newest what it reported, newest first
     */
    public HealthStrip(List<HealthReport> newest, Instant now) {
        for (int i = 0; i < newest.size(); i++) {
            HealthReport report = newest.get(i);
            long bar = BARS - 1 - Duration.between(report.at(), now).toMillis() / BAR.toMillis();
            // what lies ahead by a wrong clock is of now
            int place = (int) Math.min(bar, BARS - 1);
            if (place >= 0) {
                HealthStatus known = worst[place];
                worst[place] = known == null ? report.status() : known.worse(report.status());
            }
            if (changed == null && i + 1 < newest.size() && newest.get(i + 1).status() != report.status()) {
                changed = report.at();
            }
        }
    }

    /** Since when it is as it is, or null if it was never otherwise as far as is known. */
    public @Nullable Instant changed() {
        return changed;
    }

    /** The same in words. */
    String words() {
        Map<HealthStatus, Integer> bars = new EnumMap<>(HealthStatus.class);
        int none = 0;
        for (HealthStatus status : worst) {
            if (status == null) {
                none++;
            } else {
                bars.merge(status, 1, Integer::sum);
            }
        }
        StringBuilder words = new StringBuilder();
        for (HealthStatus status : HealthStatus.values()) {
            if (bars.containsKey(status)) {
                words.append(words.isEmpty() ? "" : ", ")
                        .append(status.label())
                        .append(" in ")
                        .append(hours(bars.get(status)));
            }
        }
        if (none > 0) {
            words.append(words.isEmpty() ? "" : ", ").append("no report in ").append(hours(none));
        }
        return words.toString();
    }

    private static String hours(int bars) {
        return Figures.number(bars * BAR.toMinutes() / 60.0, bars % 2 == 0 ? 0 : 1) + " h";
    }

    public Node node() {
        Element drawing = Element.of("svg")
                .style("strip")
                .attribute("viewBox", "0 0 " + BARS * WIDTH + " 20")
                .attribute("width", Integer.toString(BARS * WIDTH))
                .attribute("height", "20")
                .attribute("aria-hidden", "true");
        for (int i = 0; i < BARS; i++) {
            HealthStatus status = worst[i];
            int height = status == null
                    ? 1
                    : switch (status) {
                        case HEALTHY -> 8;
                        case DEGRADED -> 14;
                        case DOWN -> 20;
                    };
            drawing.add(Element.of("rect")
                    .style(status == null ? "none" : status.label())
                    .attribute("x", Integer.toString(i * WIDTH))
                    .attribute("y", Integer.toString(20 - height))
                    .attribute("width", Integer.toString(WIDTH - 1))
                    .attribute("height", Integer.toString(height)));
        }
        return Element.of("div", drawing, Element.of("span", words()).style("muted"))
                .style("day");
    }
}
