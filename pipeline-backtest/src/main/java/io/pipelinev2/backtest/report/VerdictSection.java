package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verdict, and every gate with value, threshold, margin and reason. */
final class VerdictSection implements Section {

    private final Verdict verdict;

    VerdictSection(Verdict verdict) {
        this.verdict = verdict;
    }

    @Override
    public String key() {
        return "verdict";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key(), "class", "verdict " + (verdict.passed() ? "passed" : "rejected"))
                .open("h2")
                .element("span", verdict.passed() ? "\u2713" : "\u2717", "class", "sign", "aria-hidden", "true")
                .text(verdict.passed() ? " PASSED" : " REJECTED")
                .close("h2")
                .element("p", verdict.reason());
        Table table = Table.begin(
                page, "Gates of " + verdict.gateSet(), "Gate", "Result", "Value", "Must be", "Margin", "", "In words");
        for (GateResult result : verdict.results()) {
            Quantity quantity = MetricWords.of(result.gate().metric()).quantity();
            double threshold = result.gate().threshold();
            Double value = result.value();
            Double margin = result.margin();
            table.row()
                    .head(result.gate().name(), "judges " + result.gate().metric())
                    .cell(result.passed() ? "\u2713 passed" : "\u2717 failed", result.passed() ? "yes" : "no");
            table.number(
                            value == null ? "undefined" : quantity.show(value),
                            value == null ? result.words() : Numbers.exact(value))
                    .number(sign(result) + " " + quantity.show(threshold), Numbers.exact(threshold))
                    .number(
                            margin == null ? "none" : Numbers.signed(quantity.show(margin)),
                            margin == null ? result.words() : Numbers.exact(margin));
            page.open("td");
            GateDrawing.write(page, result);
            page.close("td");
            table.cell(result.words(), "definition").end();
        }
        table.end();
        page.close("section");
    }

    private static String sign(GateResult result) {
        return switch (result.gate().comparison()) {
            case AT_LEAST -> "\u2265";
            case AT_MOST -> "\u2264";
        };
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("stage", BacktestStage.NAME);
        map.put("passed", verdict.passed());
        map.put("reason", verdict.reason());
        map.put("gate_set", verdict.gateSet());
        map.put("gates", verdict.results().stream().map(GateResult::toMap).toList());
        return map;
    }
}
