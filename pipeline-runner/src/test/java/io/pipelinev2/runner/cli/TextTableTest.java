package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private static TextTable table() {
        TextTable table = new TextTable().text("TRIAL").number("RETURN").text("WHY");
        table.row(List.of("s/1", "+1.00 %", "fine"));
        table.row(List.of("study/12", "-12.50 %", "a long story about many things"));
        return table;
    }

    @Test
    void text_stands_left_and_numbers_right() {
        assertThat(table().format(Optional.empty())).isEqualTo("""
                        TRIAL       RETURN  WHY
                        s/1        +1.00 %  fine
                        study/12  -12.50 %  a long story about many things
                        """);
    }

    @Test
    void lines_are_cut_to_the_terminal() {
        assertThat(table().format(Optional.of(30)).lines()).allMatch(line -> line.length() <= 30);
        assertThat(table().format(Optional.of(30))).contains("a long st…");
    }

    @Test
    void hostile_names_cannot_steer_the_terminal() {
        TextTable table = new TextTable().text("TRIAL");
        table.row(List.of("\u001b[31mred\u001b[0m\nsecond line"));
        assertThat(table.format(Optional.empty())).doesNotContain("\u001b").hasLineCount(2);
    }

    @Test
    void a_row_has_a_cell_for_each_column() {
        assertThatThrownBy(() -> table().row(List.of("one"))).hasMessage("1 cells for 3 columns");
    }
}
