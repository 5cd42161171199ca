package io.pipelinev2.backtest;

import io.pipelinev2.core.stage.StageOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a result rests on. A stored result is as good as a new one only as long as all of it is the same.
 *
 * @param parts by the names under which they stand in results
 */
public record Provenance(Map<String, @Nullable Object> parts) {

    /** What stands in results, in words for people. */
    private static final Map<String, String> WORDS = words();

    /** Takes its own copy. */
    public Provenance {
        parts = StageOutcome.plain(parts);
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("model_sha256", "the model");
        words.put("data_sha256", "the market data");
        words.put("parameters", "the trial's parameters");
        words.put("environment", "the rules of the environment");
        words.put("periods_per_year", "data.periods_per_year");
        words.put("thresholds", "the gates");
        words.put("code_version", "the program's version");
        return words;
    }

    /** That of a result, stored or not. What it does not say counts as unknown, which is like nothing else. */
    public static Provenance of(Map<String, ? extends @Nullable Object> results) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        WORDS.keySet().forEach(name -> parts.put(name, results.get(name)));
        return new Provenance(parts);
    }

    /** What is another one in {@code other}, in words; empty if all is the same. */
    public List<String> differencesTo(Provenance other) {
        List<String> differences = new ArrayList<>();
        WORDS.forEach((name, words) -> {
            Object mine = parts.get(name);
            if (mine == null || !Objects.equals(mine, other.parts().get(name))) {
                differences.add(words);
            }
        });
        return differences;
    }
}
