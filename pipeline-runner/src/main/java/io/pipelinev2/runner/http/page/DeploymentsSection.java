package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.runner.http.chart.Sparkline;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Lines;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.reading.Account;
import io.pipelinev2.runner.http.reading.Traders;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TraderReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of deployments. */
public final class DeploymentsSection {

    /** What the list may be limited to: a health, or what is over. */
    static final List<String> FILTERS = Stream.concat(
                    Arrays.stream(DeploymentHealth.values()).map(DeploymentHealth::label), Stream.of("ended"))
            .toList();

    private static final String ENDED = "ended";
    private static final int MOST_BRIEF = 10;

    private final Traders traders;
    private final Instant now;

    DeploymentsSection(Traders traders, Instant now) {
        this.traders = traders;
        this.now = now;
    }

    /**
     * All of them, ended ones too.
     *
     * @param show one of {@link #FILTERS}, or null for all
     */
    Node all(@Nullable String show) {
        List<DeploymentRow> rows = traders.view().rows();
        Element section =
                Element.of("section", Element.of("h2", "All deployments")).style("panel");
        if (rows.isEmpty()) {
            return section.add(nothing());
        }
        List<DeploymentRow> shown = rows.stream()
                .filter(row -> show == null || show.equals(state(row)))
                .toList();
        section.add(chips(rows, show));
        return section.add(
                shown.isEmpty()
                        ? Element.of("p", "No deployment is as asked for.").style("empty")
                        : table("All deployments, those that take a slot first", shown));
    }

    /** What the overview shows: those that take a slot, in few words. */
    public static Node brief(Traders traders, Instant now) {
        return new DeploymentsSection(traders, now).brief();
    }

    private Node brief() {
        Element section = Element.of("section", Element.of("h2", "Deployments")).style("panel");
        List<DeploymentRow> all = traders.view().rows();
        List<DeploymentRow> rows =
                all.stream().filter(row -> row.deployment().occupiesSlot()).toList();
        if (all.isEmpty()) {
            return section.add(nothing());
        }
        if (rows.isEmpty()) {
            section.add(Element.of("p", "Nothing trades now.").style("empty"));
        } else {
            section.add(briefTable(rows));
        }
        if (all.size() > Math.min(rows.size(), MOST_BRIEF)) {
            section.add(Element.of(
                            "p",
                            Element.of("a", "All " + all.size() + " deployments")
                                    .attribute("href", Page.Place.DEPLOYMENTS.path()))
                    .style("note"));
        }
        return section;
    }

    private Node briefTable(List<DeploymentRow> rows) {
        Table table = new Table("Deployments that take a slot")
                .words("Trial")
                .words("Health")
                .words("Orders")
                .words("Since deploy")
                .figures("Equity (PAPER)")
                .figures("P&L today")
                .figures("P&L since deploy")
                .figures("PID")
                .words("Started")
                .sentences("Reason");
        rows.stream()
                .limit(MOST_BRIEF)
                .forEach(row -> table.row(
                        "",
                        List.of(
                                name(row),
                                Chip.of(row.deployment().health()).node(),
                                Chip.of(row.trading()).node(),
                                spark(row),
                                new Text(Figures.number(equity(row), 2)),
                                gain(row, Account::today),
                                gain(row, Account::gained),
                                new Text(pid(row)),
                                ago(row.deployment().startedAt()),
                                new Text(words(row)))));
        if (rows.size() > 1) {
            table.total(List.of(
                    new Text("All " + rows.size()),
                    new Text(""),
                    new Text(""),
                    new Text(""),
                    new Text(Figures.number(sum(rows, this::equity), 2)),
                    gain(sum(rows, row -> figure(row, Account::today))),
                    gain(sum(rows, row -> figure(row, Account::gained))),
                    new Text(""),
                    new Text(""),
                    new Text("")));
        }
        return table.node();
    }

    /** One alone. */
    static Node of(DeploymentRow row, @Nullable Traders traders, Instant now) {
        Traders known = traders == null
                ? new Traders(new DeploymentsView(List.of(row)), Map.of(), Map.of(), Map.of(), List.of())
                : traders;
        Table table = columns("This deployment");
        table.row("", new DeploymentsSection(known, now).cells(row));
        return table.facts();
    }

    private static Table columns(String caption) {
        return new Table(caption)
                .words("Trial")
                .words("Health")
                .words("Process")
                .words("Orders")
                .figures("Equity (PAPER)")
                .figures("P&L today")
                .figures("P&L since deploy")
                .figures("Max drawdown")
                .figures("PID")
                .words("Started")
                .words("Crashes in 24 h")
                .words("Last exit")
                .words("Heartbeat")
                .words("Last bar")
                .figures("Log")
                .sentences("Reason");
    }

    private Node table(String caption, List<DeploymentRow> rows) {
        Table table = columns(caption);
        rows.forEach(row -> table.row(row.deployment().occupiesSlot() ? "" : ENDED, cells(row)));
        List<DeploymentRow> running =
                rows.stream().filter(row -> row.deployment().occupiesSlot()).toList();
        if (running.size() > 1) {
            List<Node> total = new ArrayList<>(List.of(
                    new Text("All " + running.size()),
                    new Text(""),
                    new Text(""),
                    new Text(""),
                    new Text(Figures.number(sum(running, this::equity), 2)),
                    gain(sum(running, row -> figure(row, Account::today))),
                    gain(sum(running, row -> figure(row, Account::gained)))));
            while (total.size() < cells(running.get(0)).size()) {
                total.add(new Text(""));
            }
            table.total(total);
        }
        return table.node();
    }

    private List<Node> cells(DeploymentRow row) {
        Deployment deployment = row.deployment();
        TraderReport report = row.report();
        boolean runs = deployment.status() == DeploymentStatus.RUNNING;
        Account account = traders.accounts().get(deployment.id());
        Long log = traders.logs().get(deployment.id());
        return List.of(
                name(row),
                Chip.of(deployment.health()).node(),
                process(deployment),
                deployment.occupiesSlot() ? Chip.of(row.trading()).node() : new Text(Figures.NONE),
                new Text(Figures.number(deployment.occupiesSlot() ? equity(row) : null, 2)),
                gain(row, Account::today),
                gain(row, Account::gained),
                new Text(Figures.percent(account == null ? null : account.drawdown())),
                new Text(pid(row)),
                ago(deployment.startedAt()),
                new Text(restarts(row)),
                lastExit(row),
                ago(report == null || !runs ? null : report.at()),
                ago(report == null || !runs ? null : report.lastBar()),
                new Text(log == null ? Figures.NONE : Figures.number(log / 1e6, 2) + " MB"),
                new Text(words(row)));
    }

    private static Node nothing() {
        return Element.of("p", "Nothing is deployed yet. The best trials go out once their backtests have passed.")
                .style("empty");
    }

    private static String state(DeploymentRow row) {
        return row.deployment().occupiesSlot() ? row.deployment().health().label() : ENDED;
    }

    private static Node chips(List<DeploymentRow> rows, @Nullable String show) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        rows.forEach(row -> counts.merge(state(row), 1, Integer::sum));
        Element list = Element.of("p").style("choices");
        list.add(choice("all", rows.size(), Page.Place.DEPLOYMENTS.path(), show == null));
        counts.forEach((state, count) ->
                list.add(choice(state.replace('_', ' '), count, DeploymentPages.filtered(state), state.equals(show))));
        return list;
    }

    private static Node choice(String words, int count, String path, boolean chosen) {
        Element link = Element.of("a", words + " " + count).attribute("href", path);
        return chosen ? link.attribute("aria-current", "true") : link;
    }

    private static Node name(DeploymentRow row) {
        return Element.of("a", Names.of(row.deployment().key()))
                .attribute("href", DeploymentPages.of(row.deployment().id()));
    }

    /** What it is meant to do is worth a word where it does something else. */
    private static Node process(Deployment deployment) {
        Element cell = Element.of("span", Chip.of(deployment.status()).node());
        boolean runs = deployment.status() == DeploymentStatus.RUNNING;
        boolean wanted = deployment.desired().label().equals(DeploymentStatus.RUNNING.label());
        return runs == wanted
                ? cell
                : cell.add(
                        Element.of("span", " should be " + deployment.desired().label())
                                .style("muted"));
    }

    private Node spark(DeploymentRow row) {
        Account account = traders.accounts().get(row.deployment().id());
        return account == null ? new Text(Figures.NONE) : Sparkline.of(account.points(), account.capital());
    }

    private static String pid(DeploymentRow row) {
        Long process = row.processId();
        // an identifier, not a quantity: without separators
        return process == null ? Figures.NONE : process.toString();
    }

    private Node ago(@Nullable Instant at) {
        return at == null ? new Text(Figures.NONE) : Times.ago(at, now);
    }

    private Node lastExit(DeploymentRow row) {
        ProcessRun run = row.lastEnd();
        Instant at = run == null ? null : run.endedAt();
        if (run == null || at == null) {
            return new Text(Figures.NONE);
        }
        Integer code = run.exitCode();
        return Element.of(
                "span", new Text((code == null ? "code unknown, " : "code " + code + ", ")), Times.ago(at, now));
    }

    /** As its trader said last, else as its ledger has it. */
    private @Nullable Double equity(DeploymentRow row) {
        TraderReport report = row.report();
        if (report != null && Double.isFinite(report.equity())) {
            return report.equity();
        }
        return figure(row, Account::worth);
    }

    private @Nullable Double figure(DeploymentRow row, ToDoubleFunction<Account> figure) {
        Account account = traders.accounts().get(row.deployment().id());
        return account == null ? null : Double.valueOf(figure.applyAsDouble(account));
    }

    private Node gain(DeploymentRow row, ToDoubleFunction<Account> figure) {
        return gain(figure(row, figure));
    }

    private static Node gain(@Nullable Double value) {
        return Element.of("span", Figures.gain(value))
                .style(value == null || value == 0 ? "" : value > 0 ? "gain" : "loss");
    }

    private interface Figure {
        @Nullable
        Double of(DeploymentRow row);
    }

    private static @Nullable Double sum(List<DeploymentRow> rows, Figure figure) {
        List<Double> known =
                rows.stream().map(figure::of).filter(Objects::nonNull).toList();
        return known.isEmpty()
                ? null
                : Double.valueOf(known.stream().mapToDouble(Double::doubleValue).sum());
    }

    private String restarts(DeploymentRow row) {
        int crashes = traders.crashes().getOrDefault(row.deployment().id(), 0);
        Integer left = row.restartsLeft();
        return left == null || !row.deployment().occupiesSlot()
                ? Integer.toString(crashes)
                : "%d, %d restarts left".formatted(crashes, left);
    }

    private static String words(DeploymentRow row) {
        String health = Objects.requireNonNullElse(Lines.first(row.deployment().reason()), "");
        String orders = row.deployment().occupiesSlot() ? Lines.first(row.furtherTradingReason()) : null;
        return orders == null ? health : (health.isEmpty() ? "" : health + "; ") + "orders: " + orders;
    }
}
