package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

    @Test
    void counts_insertions_deletions_replacements_and_swaps() {
        assertThat(DidYouMean.distance("port", "port")).isZero();
        assertThat(DidYouMean.distance("port", "prot")).isEqualTo(1);
        assertThat(DidYouMean.distance("port", "ports")).isEqualTo(1);
        assertThat(DidYouMean.distance("port", "part")).isEqualTo(1);
        assertThat(DidYouMean.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void finds_the_nearest_word_if_one_is_near() {
        List<String> known = List.of("host", "port", "read_only");

        assertThat(DidYouMean.of("prot", known)).contains("port");
        assertThat(DidYouMean.of("readOnly", known)).contains("read_only");
        assertThat(DidYouMean.of("listen", known)).isEmpty();
        assertThat(DidYouMean.of("x".repeat(1_000_000), known)).isEmpty();
    }
}
