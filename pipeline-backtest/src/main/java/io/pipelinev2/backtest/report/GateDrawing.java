package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GateResult;

/** One gate as a line: the side that passes, the threshold and the value on it. */
final class GateDrawing {

    private static final double WIDTH = 180;

    private GateDrawing() {}

    static void write(Html page, Gate gate, GateResult result) {
        Double value = result.value();
        double threshold = gate.threshold();
        if (value == null) {
            page.text("no value");
            return;
        }
        double low = Math.min(value, threshold);
        double high = Math.max(value, threshold);
        double margin = high > low ? (high - low) * 0.35 : Math.max(1, Math.abs(high)) * 0.35;
        Scale scale = Scale.linear(low - margin, high + margin, 4, WIDTH - 4);
        boolean atLeast = gate.comparison() == Comparison.AT_LEAST;
        double at = scale.at(threshold);
        page.open(
                "svg",
                "class",
                "gate",
                "viewBox",
                "0 0 180 24",
                "role",
                "img",
                "aria-label",
                "value " + Numbers.significant(value) + ", threshold " + Numbers.significant(threshold));
        page.empty("line", "class", "axis", "x1", "4", "y1", "12", "x2", "176", "y2", "12");
        double from = atLeast ? at : 4;
        page.empty(
                "rect",
                "class",
                "allowed",
                "x",
                Numbers.pixels(from),
                "y",
                "7",
                "width",
                Numbers.pixels(Math.max(0, (atLeast ? WIDTH - 4 : at) - from)),
                "height",
                "10");
        page.empty(
                "line",
                "class",
                "threshold",
                "x1",
                Numbers.pixels(at),
                "y1",
                "3",
                "x2",
                Numbers.pixels(at),
                "y2",
                "21");
        page.empty(
                "circle",
                "class",
                result.passed() ? "in" : "out",
                "cx",
                Numbers.pixels(scale.at(value)),
                "cy",
                "12",
                "r",
                "5");
        page.close("svg");
    }
}
