package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameTest {

    @Test
    void it_takes_the_place_of_the_one_before() {
        assertThat(Frame.of("a\nb\n", 10)).isEqualTo("\u001b[Ha\u001b[K\nb\u001b[K\n\u001b[J");
    }

    @Test
    void what_would_make_the_terminal_scroll_is_left_out_and_counted() {
        String frame = Frame.of("line\n".repeat(30), 10);
        assertThat(frame.lines()).hasSize(10);
        assertThat(frame).contains("… and 22 lines more");
    }
}
