package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Lines;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.view.StageCell;
import io.pipelinev2.runner.view.TrialRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of trials: the best first, then those without a rank, then the failed ones. */
public final class TrialsSection {

    private static final int MOST_ROWS = 100;
    private static final Set<String> ALWAYS_SHOWN = Set.of("value", "sharpe", "total_return", "max_drawdown");

    private static final Comparator<TrialRow> BEST_FIRST = Comparator.comparing(
                    (TrialRow row) -> row.status() == TrialStatus.FAILED)
            .thenComparing(TrialRow::rank, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(row -> row.status() == TrialStatus.PENDING)
            .thenComparing(TrialRow::key);

    private final String rankMetric;

    public TrialsSection(String rankMetric) {
        this.rankMetric = rankMetric;
    }

    /** As many of them as are shown without being asked for. */
    public static List<TrialRow> best(List<TrialRow> rows) {
        return rows.stream().sorted(BEST_FIRST).limit(MOST_ROWS).toList();
    }

    /**
     * The section of the overview.
     *
     * @param best the first trials, best first
     * @param count how many there are in all
     */
    public Node of(List<TrialRow> best, int count) {
        Element section = Element.of(
                        "section",
                        Element.of(
                                        "div",
                                        Element.of("h2", "Trials"),
                                        Element.of(
                                                        "p",
                                                        "Ranked by " + ranking()
                                                                + ", beside the rank that Optuna gave.")
                                                .style("muted"))
                                .style("heading"))
                .style("panel");
        if (best.isEmpty()) {
            return section.add(
                    Element.of("p", "No trials yet. Finished trials of the configured studies appear after discovery.")
                            .style("empty"));
        }
        section.add(table("Trials, best first", best));
        if (count > best.size()) {
            section.add(Element.of(
                            "p",
                            "The first " + best.size() + " of " + Figures.count((long) count) + " trials are shown. ")
                    .style("note")
                    .add(Element.of("a", "All trials").attribute("href", TrialPages.PATH)));
        }
        return section;
    }

    /** These rows in this order. */
    Node table(String caption, List<TrialRow> rows) {
        Table table = columns(caption).sentences("Reason");
        rows.forEach(row -> table.row(style(row), with(cells(row), reason(row))));
        return table.node();
    }

    /** The same with when each changed last. */
    Node table(String caption, List<TrialRow> rows, Instant now) {
        Table table = columns(caption).words("Updated").sentences("Reason");
        rows.forEach(row -> table.row(style(row), with(cells(row), Times.ago(row.updatedAt(), now), reason(row))));
        return table.node();
    }

    private static List<Node> with(List<Node> cells, Node... more) {
        cells.addAll(List.of(more));
        return cells;
    }

    private static String style(TrialRow row) {
        return row.status() == TrialStatus.FAILED ? "failed" : "";
    }

    private static Node reason(TrialRow row) {
        return new Text(Objects.requireNonNullElse(Lines.first(row.explanation()), ""));
    }

    /** One alone, for where its reason is said beside. */
    Node one(TrialRow row, Instant now) {
        Table table = columns("This trial").words("Updated");
        table.row("", with(cells(row), Times.ago(row.updatedAt(), now)));
        return table.facts("Status");
    }

    private Table columns(String caption) {
        Table table = new Table(caption)
                .words("Trial")
                .words("Status")
                .figures("Backtest rank")
                .figures("Optuna rank")
                .figures("Optuna value");
        if (hasOwnColumn()) {
            table.figures(spoken(rankMetric));
        }
        return table.figures("Sharpe")
                .figures("Return")
                .figures("Drawdown")
                .figures("Trades")
                .words("Stages");
    }

    private List<Node> cells(TrialRow row) {
        List<Node> cells = new ArrayList<>();
        cells.add(Element.of("a", Names.of(row.key())).attribute("href", TrialPages.of(row.id())));
        cells.add(Chip.of(row.status()).node());
        cells.add(rank(row.rank()));
        cells.add(new Text(Figures.rank(row.optunaRank())));
        cells.add(objective(row));
        if (hasOwnColumn()) {
            cells.add(new Text(Figures.number(row.metric(rankMetric), 4)));
        }
        Double totalReturn = row.metric("total_return");
        cells.add(new Text(Figures.number(row.metric("sharpe"), 2)));
        cells.add(Element.of("span", Figures.change(totalReturn)).style(tone(totalReturn)));
        cells.add(new Text(Figures.percent(row.metric("max_drawdown"))));
        cells.add(new Text(Figures.count(row.trades())));
        cells.add(stages(row));
        return cells;
    }

    private static Node rank(@Nullable Integer rank) {
        return Element.of("span", Figures.rank(rank)).style(rank != null && rank <= 3 ? "rank top" : "rank");
    }

    /** The arrow says which way is better. */
    private static Node objective(TrialRow row) {
        String arrow = switch (row.direction()) {
            case MINIMIZE -> " ↓";
            case MAXIMIZE -> " ↑";
            case NOT_SET -> "";
        };
        return Element.of(
                "span",
                new Text(Figures.number(row.value(), 3)),
                Element.of("span", arrow)
                        .style("muted")
                        .attribute("title", row.direction().label()));
    }

    private static Node stages(TrialRow row) {
        Element list = Element.of("span").style("stages");
        row.stages().forEach((name, stage) -> list.add(stage(name, stage)));
        return list;
    }

    private static Node stage(String name, StageCell stage) {
        return Chip.of(stage.status())
                .labelled(stage.attempts() > 1 ? spoken(name) + " ×" + stage.attempts() : spoken(name));
    }

    private static String tone(@Nullable Double change) {
        return change == null || change == 0 ? "" : change > 0 ? "gain" : "loss";
    }

    private boolean hasOwnColumn() {
        return !ALWAYS_SHOWN.contains(rankMetric);
    }

    private String ranking() {
        return switch (rankMetric) {
            case "value" -> "the study's own objective";
            case "sharpe" -> "backtest Sharpe";
            default -> "backtest " + spoken(rankMetric);
        };
    }

    private static String spoken(String name) {
        return name.replace('_', ' ');
    }
}
