package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.view.TrialRow;
import io.pipelinev2.runner.view.TrialsView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of trials in plain text: the best first, those that failed last, Optuna's rank beside the backtest's. */
final class TrialTable {

    private static final Comparator<TrialRow> BEST_FIRST = Comparator.comparing(
                    (TrialRow row) -> row.status() == TrialStatus.FAILED)
            .thenComparing(TrialRow::rank, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(TrialRow::key);

    private TrialTable() {}

    static String of(TrialsView view, Page page) {
        TextTable table = new TextTable()
                .text("TRIAL")
                .state("STATUS")
                .number("RANK")
                .dispensable(5)
                .number("OPTUNA RANK")
                .dispensable(4)
                .number("OPTUNA VALUE")
                .dispensable(1)
                .number("SHARPE")
                .dispensable(6)
                .number("RETURN")
                .dispensable(7)
                .number("DRAWDOWN")
                .dispensable(3)
                .number("TRADES")
                .dispensable(2)
                .text("WHY")
                .coloured(page.coloured());
        view.rows().stream().sorted(BEST_FIRST).forEach(row -> {
            String why = row.explanation();
            table.row(List.of(
                    row.key().toString(),
                    row.status().label(),
                    whole(row.rank()),
                    whole(row.optunaRank()),
                    figure(row.value(), "%.4f"),
                    figure(row.metric("sharpe"), "%.3f"),
                    percent(row.metric("total_return"), "%+.2f"),
                    percent(row.metric("max_drawdown"), "%.2f"),
                    row.trades() == null ? "–" : row.trades().toString(),
                    why == null ? "" : why));
        });
        return table.format(page.width());
    }

    private static String whole(@Nullable Integer value) {
        return value == null ? "–" : value.toString();
    }

    static String figure(@Nullable Double value, String format) {
        if (value == null) {
            return "–";
        }
        return value.isInfinite() ? (value > 0 ? "∞" : "-∞") : String.format(Locale.ROOT, format, value);
    }

    private static String percent(@Nullable Double value, String format) {
        return value == null ? "–" : figure(100 * value, format) + " %";
    }
}
