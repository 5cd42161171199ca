package io.pipelinev2.runner.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void infinities_are_text_and_undefined_is_null() {
        assertThat(Json.compact(Map.of(
                        "all",
                        Arrays.asList(
                                Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, null, 1.5, 3, true))))
                .isEqualTo("{\"all\":[\"Infinity\",\"-Infinity\",null,null,1.5,3,true]}");
    }

    @Test
    void times_are_utc_with_z_to_the_millisecond() {
        assertThat(Json.compact(Map.of("at", Instant.parse("2026-01-29T21:30:00.123456Z"))))
                .isEqualTo("{\"at\":\"2026-01-29T21:30:00.123Z\"}");
    }

    @Test
    void keys_keep_their_order_and_pretty_is_indented_alike_everywhere() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("z", 1);
        values.put("a", List.of("é\u001b"));
        assertThat(Json.pretty(values)).isEqualTo("{\n  \"z\" : 1,\n  \"a\" : [\n    \"é\\u001B\"\n  ]\n}");
    }

    @Test
    void what_json_cannot_hold_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.compact(Map.of("x", Thread.State.NEW)))
                .withMessageContaining("Thread$State");
    }
}
