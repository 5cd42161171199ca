package io.pipelinev2.optuna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionJsonTest {

    @Test
    void a_choice_keeps_its_type() throws Exception {
        Distribution distribution = DistributionJson.parse("""
                {"name": "CategoricalDistribution", "attributes": {"choices":
                [null, true, 3, "3", 3.0, NaN, Infinity, -Infinity, 1e-320, 123456789012345678901, [1, {"a": null}]]}}
                """);

        assertThat(distribution.decode(0)).isNull();
        assertThat(distribution.decode(1)).isEqualTo(true);
        assertThat(distribution.decode(2)).isEqualTo(3L);
        assertThat(distribution.decode(3)).isEqualTo("3");
        assertThat(distribution.decode(4)).isEqualTo(3.0);
        assertThat(distribution.decode(5)).isEqualTo(Double.NaN);
        assertThat(distribution.decode(6)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(distribution.decode(7)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(distribution.decode(8)).isEqualTo(1e-320);
        assertThat(distribution.decode(9)).isEqualTo(new BigInteger("123456789012345678901"));
        Map<String, Object> inner = new HashMap<>();
        inner.put("a", null);
        assertThat(distribution.decode(10)).isEqualTo(List.of(1L, inner));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 2, 0.5, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
    void an_index_that_is_none_is_refused(double index) {
        assertThatThrownBy(() -> DistributionJson.parse("{\"type\":\"categorical\",\"choices\":[1,2]}")
                        .decode(index))
                .isInstanceOf(MalformedRowException.class)
                .hasMessageContaining("choices 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"IntDistribution\",\"attributes\":{\"log\":false,\"step\":1,\"low\":0,\"high\":9}}",
                "{\"name\":\"IntUniformDistribution\",\"attributes\":{\"low\":0,\"high\":9}}",
                "{\"name\":\"IntLogUniformDistribution\",\"attributes\":{\"low\":1,\"high\":9,\"step\":1}}",
                "{\"type\":\"int\",\"low\":0,\"high\":9}",
            })
    void whole_numbers_are_rounded(String json) throws Exception {
        Distribution distribution = DistributionJson.parse(json);

        assertThat(distribution.decode(6.999999999)).isEqualTo(7L);
        assertThat(distribution.decode(-3)).isEqualTo(-3L);
        assertThat(distribution.decode(0x1p62)).isEqualTo(1L << 62);
        assertThatThrownBy(() -> distribution.decode(0x1p63)).isInstanceOf(MalformedRowException.class);
        assertThatThrownBy(() -> distribution.decode(Double.NaN)).isInstanceOf(MalformedRowException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"FloatDistribution\",\"attributes\":{\"step\":null,\"low\":0.0,\"high\":1.0,\"log\":false}}",
                "{\"name\":\"UniformDistribution\",\"attributes\":{\"low\":0.0,\"high\":1.0}}",
                "{\"name\":\"LogUniformDistribution\",\"attributes\":{\"high\":1.0,\"low\":0.1}}",
                "{\"name\":\"DiscreteUniformDistribution\",\"attributes\":{\"low\":0.0,\"high\":1.0,\"q\":0.1}}",
                "{\"type\":\"float\",\"low\":0.0,\"high\":1.0}",
            })
    void other_numbers_are_what_they_are(String json) throws Exception {
        assertThat(DistributionJson.parse(json).decode(0.30000000000000004)).isEqualTo(0.30000000000000004);
        assertThat(DistributionJson.parse(json).decode(1)).isEqualTo(1.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"name\":\"CauchyDistribution\",\"attributes\":{}}|the distribution 'CauchyDistribution'; known are",
                "{\"type\":\"tensor\"}|the distribution 'tensor'",
                "{}|the distribution 'null'",
                "{\"name\":7,\"attributes\":{}}|the distribution '7'",
                "{\"name\":\"IntDistribution\"}|without attributes",
                "{\"type\":\"categorical\"}|without a list of choices",
                "{\"type\":\"categorical\",\"choices\":{}}|without a list of choices",
                "[]|no JSON object",
                "{\"name\":|not JSON",
                "{} {}|not JSON",
            })
    void what_is_no_distribution_is_refused(String json, String words) {
        assertThatThrownBy(() -> DistributionJson.parse(json))
                .isInstanceOf(MalformedRowException.class)
                .hasMessageContaining(words);
    }

    @Test
    void no_text_at_all_is_refused() {
        assertThatThrownBy(() -> DistributionJson.parse(null)).hasMessageContaining("no JSON text");
        assertThatThrownBy(() -> DistributionJson.parse(" ")).hasMessageContaining("empty text");
        assertThatThrownBy(() -> DistributionJson.parse("[".repeat(100_000))).hasMessageContaining("not JSON");
    }

    @Test
    void each_text_is_parsed_once() throws Exception {
        DistributionCache cache = new DistributionCache();
        String json = "{\"type\":\"categorical\",\"choices\":[1]}";

        assertThat(cache.of(json)).isSameAs(cache.of(json));
        for (int i = 0; i < 600; i++) {
            cache.of("{\"type\":\"categorical\",\"choices\":[%d]}".formatted(i + 2));
        }
        assertThat(cache.of(json).decode(0)).isEqualTo(1L);
        assertThat(cache.size()).isEqualTo(500);
    }
}
