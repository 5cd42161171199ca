package io.pipelinev2.core.stage.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.stage.StageOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValuesTest {

    @Test
    void plain_values_are_copied_deeply() {
        List<@Nullable Object> inner = new ArrayList<>(Arrays.asList(1, null, "x", 2.5f, true));
        Map<String, @Nullable Object> map = new HashMap<>(Map.of("list", inner));
        Map<String, @Nullable Object> copy = JsonValues.checked(map);
        inner.add("later");
        map.put("more", 1);
        assertThat(copy).isEqualTo(Map.of("list", Arrays.asList(1L, null, "x", 2.5, true)));
        assertThatThrownBy(() -> copy.put("more", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void what_is_not_finite_is_refused_by_its_path() {
        assertThatThrownBy(() -> JsonValues.checked(Map.of("metrics", Map.of("sharpe", List.of(1.0, Double.NaN)))))
                .hasMessageContaining("results.metrics.sharpe[1] is NaN")
                .hasMessageContaining("use null");
        assertThatThrownBy(() -> JsonValues.checked(Map.of("x", Double.NEGATIVE_INFINITY)))
                .hasMessageContaining("results.x is -Infinity");
    }

    @Test
    void other_types_are_refused_by_name() {
        assertThatThrownBy(() -> JsonValues.checked(Map.of("when", java.time.Instant.EPOCH)))
                .hasMessageContaining("results.when is a java.time.Instant");
        assertThatThrownBy(() -> JsonValues.checked(Map.of("m", Map.of(1, 2)))).hasMessageContaining("not text");
    }

    @Test
    void endless_nesting_is_refused() {
        Map<String, Object> loop = new HashMap<>();
        loop.put("self", loop);
        assertThatThrownBy(() -> JsonValues.checked(loop)).hasMessageContaining("deeper than 32");
    }

    @Test
    void a_rejection_needs_words() {
        assertThatThrownBy(() -> StageOutcome.rejected(" ")).hasMessageContaining("needs a reason");
    }
}
