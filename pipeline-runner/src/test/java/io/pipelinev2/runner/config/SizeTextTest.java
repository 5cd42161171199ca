package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {

    @ParameterizedTest
    @CsvSource({"10MB, 10000000", "1GB, 1000000000", "500kB, 500000", "1.5KB, 1500", "10MiB, 10485760", "7, 7", "7 B, 7"
    })
    void reads_what_people_write(String text, long expected) {
        assertThat(SizeText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1MB", "0", "10TB", "10mb", "9999999999999999GB"})
    void refuses_what_is_no_size(String text) {
        assertThatThrownBy(() -> SizeText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(SizeText.FORMS);
    }
}
