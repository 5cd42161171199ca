package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {

    @ParameterizedTest
    @CsvSource({"abc, 3", "日本, 4", "ｆｕｌｌ, 8", "é, 1", "🚀, 2", "한국, 4", "–, 1", "…, 1"})
    void it_is_what_a_terminal_takes(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void a_letter_and_what_combines_with_it_take_one_column() {
        assertThat(DisplayWidth.of("e\u0301")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"abcdef, 6, abcdef", "abcdef, 4, abc…", "日本研究, 6, 日本…", "日本研究, 5, 日本…", "日本研究, 4, 日…", "abc, 1, …"})
    void a_text_is_cut_between_letters(String text, int columns, String cut) {
        assertThat(DisplayWidth.cut(text, columns)).isEqualTo(cut);
    }

    @ParameterizedTest
    @CsvSource({"study/123, 6, …y/123", "日本/1, 5, …本/1", "日本/1, 4, …/1", "a/1, 9, a/1"})
    void a_name_is_cut_from_the_front(String text, int columns, String cut) {
        assertThat(DisplayWidth.cutFront(text, columns)).isEqualTo(cut);
    }
}
