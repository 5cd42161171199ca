package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProvenanceTest {

    private static Map<String, Object> results() {
        return new HashMap<>(Map.of(
                "model_sha256",
                "m",
                "data_sha256",
                "d",
                "parameters",
                Map.of("lookback", 1),
                "environment",
                Map.of("fee_rate", 0.0025),
                "periods_per_year",
                8760.0,
                "thresholds",
                List.of("trades >= 1.0"),
                "code_version",
                "2.0.0",
                "metrics",
                Map.of("sharpe", 1)));
    }

    @Test
    void a_result_is_as_good_as_new_only_if_it_rests_on_all_the_same() {
        assertThat(Provenance.of(results()).differencesTo(Provenance.of(results())))
                .isEmpty();
        Map<String, String> words = Map.of(
                "model_sha256", "the model",
                "data_sha256", "the market data",
                "parameters", "the trial's parameters",
                "environment", "the rules of the environment",
                "periods_per_year", "data.periods_per_year",
                "thresholds", "the gates",
                "code_version", "the program's version");
        words.forEach((name, word) -> {
            Map<String, Object> changed = results();
            changed.put(name, "another");
            assertThat(Provenance.of(results()).differencesTo(Provenance.of(changed)))
                    .containsExactly(word);
            Map<String, Object> unknown = results();
            unknown.remove(name);
            assertThat(Provenance.of(unknown).differencesTo(Provenance.of(results())))
                    .as("what was not recorded is not known to be the same")
                    .containsExactly(word);
        });
    }

    @Test
    void figures_are_no_part_of_it() {
        Map<String, Object> other = results();
        other.put("metrics", Map.of("sharpe", 2));
        assertThat(Provenance.of(results()).differencesTo(Provenance.of(other))).isEmpty();
    }
}
