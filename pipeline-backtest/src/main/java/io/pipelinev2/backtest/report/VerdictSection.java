package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verdict, and every gate with value, threshold, margin and reason. */
final class VerdictSection implements Section {

    private final ReportedRun run;

    VerdictSection(ReportedRun run) {
        this.run = run;
    }

    @Override
    public String key() {
        return "verdict";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key(), "class", "verdict " + (run.passed() ? "passed" : "rejected"))
                .open("h2")
                .element("span", run.passed() ? "\u2713" : "\u2717", "class", "sign", "aria-hidden", "true")
                .text(run.passed() ? " PASSED" : " REJECTED")
                .close("h2")
                .element("p", run.reason());
        Verdict verdict = run.verdict();
        if (verdict == null) {
            page.element("p", "There were no gates: the stage's own verdict counts.", "class", "none");
        } else {
            writeGates(page, verdict);
        }
        page.close("section");
    }

    private static void writeGates(Html page, Verdict verdict) {
        Table table = Table.begin(
                page, "Gates of " + verdict.gateSet(), "Gate", "Result", "Value", "Must be", "Margin", "", "In words");
        for (GateResult result : verdict.results()) {
            Gate gate = result.threshold();
            table.row()
                    .head(result.name(), gate == null ? "a gate of the user's own" : "judges " + gate.metric())
                    .cell(result.passed() ? "\u2713 passed" : "\u2717 failed", result.passed() ? "yes" : "no");
            if (gate == null) {
                table.number("", "").number("", "").number("", "").cell("");
                table.cell(result.words(), "definition").end();
                continue;
            }
            Quantity quantity = MetricWords.of(gate.metric()).quantity();
            double threshold = gate.threshold();
            Double value = result.value();
            Double margin = result.margin();
            table.number(
                            value == null ? "undefined" : quantity.show(value),
                            value == null ? result.words() : Numbers.exact(value))
                    .number(sign(gate) + " " + quantity.show(threshold), Numbers.exact(threshold))
                    .number(
                            margin == null ? "none" : Numbers.signed(quantity.show(margin)),
                            margin == null ? result.words() : Numbers.exact(margin));
            page.open("td");
            GateDrawing.write(page, gate, result);
            page.close("td");
            table.cell(result.words(), "definition").end();
        }
        table.end();
    }

    private static String sign(Gate gate) {
        return switch (gate.comparison()) {
            case AT_LEAST -> "\u2265";
            case AT_MOST -> "\u2264";
        };
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("stage", BacktestStage.NAME);
        Verdict verdict = run.verdict();
        map.put("passed", run.passed());
        map.put("reason", run.reason());
        map.put("gate_set", verdict == null ? null : verdict.gateSet());
        map.put(
                "gates",
                verdict == null
                        ? List.of()
                        : verdict.results().stream().map(GateResult::toMap).toList());
        return map;
    }
}
