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

    private static TextTable wide() {
        TextTable table = new TextTable()
                .text("TRIAL")
                .state("STATUS")
                .number("RANK")
                .dispensable(2)
                .number("SHARPE")
                .dispensable(3)
                .number("TRADES")
                .dispensable(1)
                .text("WHY");
        table.row(List.of("ppo_1h/31", "deployed", "1", "1.234", "100", "among the best 3"));
        table.row(List.of("日本の研究/12", "failed", "–", "–", "–", "gate: 取引 never happens, whatever the market does"));
        table.row(List.of(
                "a-study-with-a-very-long-name-indeed/1234",
                "completed",
                "12",
                "-0.001",
                "7",
                "\u001b[31mhostile\u001b[0m"));
        return table;
    }

    @Test
    void every_line_fits_whatever_the_terminals_width_is() {
        for (int width = 40; width < 200; width++) {
            int columns = width;
            assertThat(wide().format(Optional.of(width)).lines())
                    .as("in %d columns", width)
                    .allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(columns));
        }
    }

    @Test
    void what_matters_least_goes_first_and_that_is_said() {
        assertThat(wide().format(Optional.of(500))).contains("TRADES").doesNotContain("wider terminal");
        assertThat(wide().format(Optional.of(88)))
                .doesNotContain("  TRADES")
                .contains("SHARPE")
                .endsWith("(a wider terminal shows TRADES, RANK, too)\n");
        assertThat(wide().format(Optional.of(40)))
                .contains("TRIAL", "STATUS", "WHY", "/1234", "/12")
                .doesNotContain("1.234");
    }

    @Test
    void the_end_of_a_trials_name_stays() {
        assertThat(wide().format(Optional.of(40)).lines().skip(3))
                .first()
                .asString()
                .startsWith("…")
                .contains("/1234");
    }

    @Test
    void colours_take_no_room_and_are_nowhere_without_being_asked_for() {
        String plain = wide().format(Optional.of(100));
        String coloured = wide().coloured(true).format(Optional.of(100));
        assertThat(plain).doesNotContain("\u001b");
        assertThat(coloured).contains("\u001b[32mdeployed\u001b[0m", "\u001b[31mfailed\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(plain);
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
