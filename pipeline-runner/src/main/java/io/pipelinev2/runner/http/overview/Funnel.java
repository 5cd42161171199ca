package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.http.html.Lines;
import io.pipelinev2.runner.http.page.TrialPages;
import io.pipelinev2.runner.view.StageCell;
import io.pipelinev2.runner.view.TrialRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How far trials came, and why the others went no further. Each step's trials are among those of the step before.
 *
 * @param steps from discovery to deployment
 */
record Funnel(List<Step> steps) {

    private static final String DEPLOY = "deploy";
    private static final String WAITING = "waiting for its turn";
    private static final String UNDER_WAY = "being worked on";

    /**
     * @param name what trials have reached
     * @param count how many have
     * @param losses why trials of this step have not reached the next, the most frequent first
     * @param path where they are listed
     */
    record Step(String name, int count, List<Loss> losses, String path) {}

    /**
     * Some trials that went no further, for one reason.
     *
     * @param path where they are listed
     */
    record Loss(String reason, int count, String path) {}

    static Funnel of(List<TrialRow> all) {
        List<TrialRow> backtested = all.stream().filter(Funnel::backtested).toList();
        List<TrialRow> passed = backtested.stream().filter(Funnel::passed).toList();
        List<TrialRow> deployed = passed.stream()
                .filter(row -> row.status() == TrialStatus.DEPLOYED)
                .toList();
        return new Funnel(List.of(
                step("Discovered", all, backtested, TrialPages.PATH),
                step(
                        "Backtested",
                        backtested,
                        passed,
                        TrialPages.filtered("stage", TrialRow.BACKTEST, "stage_status", StageStatus.PASSED.label())),
                step("Passed", passed, deployed, TrialPages.filtered("status", "completed,deployed")),
                new Step(
                        "Deployed",
                        deployed.size(),
                        List.of(),
                        TrialPages.filtered("status", TrialStatus.DEPLOYED.label()))));
    }

    /** A failure without a measurement is no backtest: the model was missing, for instance. */
    private static boolean backtested(TrialRow row) {
        StageCell backtest = row.stages().get(TrialRow.BACKTEST);
        return passed(row)
                || backtest != null
                        && (backtest.status().letsTrialContinue()
                                || backtest.status() == StageStatus.FAILED && row.metrics() != null);
    }

    /** Through all stages that can say no. */
    private static boolean passed(TrialRow row) {
        return row.status() == TrialStatus.DEPLOYED
                || row.stages().keySet().stream().anyMatch(name -> !name.equals(DEPLOY))
                        && row.stages().entrySet().stream()
                                .filter(stage -> !stage.getKey().equals(DEPLOY))
                                .allMatch(stage -> stage.getValue().status().letsTrialContinue());
    }

    private static Step step(String name, List<TrialRow> reached, List<TrialRow> next, String path) {
        Map<String, List<String>> byKind = new LinkedHashMap<>();
        List<TrialRow> lost = new ArrayList<>(reached);
        lost.removeAll(new HashSet<>(next));
        for (TrialRow row : lost) {
            String reason = reason(row);
            byKind.computeIfAbsent(Wording.kind(reason), kind -> new ArrayList<>())
                    .add(reason);
        }
        List<Loss> losses = byKind.values().stream()
                .map(reasons -> {
                    String common = Wording.common(reasons);
                    return new Loss(common, reasons.size(), path(common));
                })
                .sorted((a, b) -> Integer.compare(b.count(), a.count()))
                .toList();
        return new Step(name, reached.size(), losses, path);
    }

    private static String path(String reason) {
        return switch (reason) {
            case WAITING -> TrialPages.filtered("status", TrialStatus.PENDING.label());
            case UNDER_WAY -> TrialPages.filtered("status", TrialStatus.PROCESSING.label());
            default -> TrialPages.filtered("text", Wording.said(reason));
        };
    }

    private static String reason(TrialRow row) {
        if (row.heldReason() == null && row.status() == TrialStatus.PENDING) {
            return WAITING;
        }
        if (row.heldReason() == null && row.status() == TrialStatus.PROCESSING) {
            return UNDER_WAY;
        }
        StageCell deploy = row.stages().get(DEPLOY);
        String said = deploy != null && deploy.status() == StageStatus.SKIPPED && deploy.reason() != null
                ? deploy.reason()
                : row.explanation();
        return Objects.requireNonNullElse(Lines.first(said), "no reason recorded");
    }
}
