package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GatePolicy;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.policy.ActorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is measured is defined, whatever is defined is measured, and the documentation lists it all. */
class MetricGlossaryTest {

    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void every_figure_of_a_result_is_defined() {
        BacktestResult result = backtest(GateSet.V2_BASIC);

        assertThat(MetricGlossary.names()).containsAll(result.metrics().all().keySet());
        assertThat(MetricGlossary.find("sharpe"))
                .hasValueSatisfying(
                        definition -> assertThat(definition.better()).isEqualTo(Better.HIGHER));
        assertThat(MetricGlossary.find("sharp")).isEmpty();
    }

    @Test
    void a_gate_on_any_defined_metric_finds_it_measured() {
        List<Gate> gates = new ArrayList<>();
        for (String name : MetricGlossary.names()) {
            gates.add(new Gate(name, name, Comparison.AT_LEAST, -Double.MAX_VALUE));
        }

        assertThat(backtest(new GateSet("all", gates)).verdict().results())
                .hasSize(MetricGlossary.all().size())
                .allSatisfy(result -> assertThat(result.words()).doesNotContain("not measured"));
    }

    @Test
    void the_page_of_metrics_has_every_definition_word_for_word() throws IOException {
        String page = Files.readString(DOCS.resolve("metrics.md"));

        for (MetricFamily family : MetricFamily.values()) {
            assertThat(page).contains(table(family));
        }
    }

    @Test
    void the_page_of_gates_has_every_preset_with_its_thresholds() throws IOException {
        String page = Files.readString(DOCS.resolve("gates.md"));

        for (String preset : GatePolicy.presets()) {
            assertThat(page).contains("## `" + preset + "`");
            for (GateSet set : GatePolicy.preset(preset).sets()) {
                for (Gate gate : set.gates()) {
                    assertThat(page).as("%s %s", preset, gate.name()).contains("`" + gate.metric() + "`");
                }
            }
        }
        for (Gate gate : GateSet.STRICT.gates()) {
            assertThat(page)
                    .contains("| `" + gate.metric() + "` | " + gate.comparison().sign() + " "
                            + (gate.threshold() == Math.rint(gate.threshold())
                                    ? Long.toString((long) gate.threshold())
                                    : Double.toString(gate.threshold()))
                            + " |");
        }
    }

    @Test
    void a_definition_leaves_nothing_out() {
        assertThatThrownBy(() -> new MetricDefinition(
                        "mine", MetricFamily.GROWTH, MetricUnit.RATIO, Better.HIGHER, "means", "x", " "))
                .hasMessageContaining("'mine' lacks one");
    }

    private static String table(MetricFamily family) {
        StringBuilder table = new StringBuilder("## " + family.title() + "\n\n"
                + "| metric | unit | what it is | formula | how it can mislead |\n|---|---|---|---|---|\n");
        for (MetricDefinition definition : MetricGlossary.all()) {
            if (definition.family() == family) {
                table.append("| `%s` | %s, %s | %s | `%s` | %s |\n"
                        .formatted(
                                definition.name(),
                                definition.unit().word(),
                                definition.better().words(),
                                definition.meaning(),
                                definition.formula().replace("|", "\\|"),
                                definition.caution()));
            }
        }
        return table.toString();
    }

    private static BacktestResult backtest(GateSet gates) {
        return Backtest.of(TradingRules.ORIGINAL, gates)
                .run(Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(1)), Fixtures.parameters(1));
    }
}
