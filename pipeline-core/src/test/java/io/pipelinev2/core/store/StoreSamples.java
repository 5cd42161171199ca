package io.pipelinev2.core.store;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows for tests of stores, not stored yet. */
public final class StoreSamples {

    public static final String STORAGE = "sqlite:///databases/optuna.db";

    /** Text that has tripped one program or another. */
    public static final String AWKWARD = "naïve “quotes” 'single' \"double\" \\ back % _ ; -- 🚀 日本語\n\ttab";

    /** A time with milliseconds, the finest that a store keeps. */
    public static final Instant AT = ManualClock.START.plusMillis(7);

    private StoreSamples() {}

    public static Study study(String name) {
        return new Study(0, STORAGE, name, name, 1, 1, List.of(Direction.MAXIMIZE));
    }

    public static Trial trial(Study study, int number) {
        return trial(study, number, TrialStatus.PENDING);
    }

    public static Trial trial(Study study, int number, TrialStatus status) {
        return trial(study, number, status, List.of(number / 10.0));
    }

    public static Trial trial(Study study, int number, TrialStatus status, List<@Nullable Double> values) {
        return new Trial(
                0,
                study.id(),
                new TrialKey(study.label(), number),
                new SourceTrial(study.name(), study.sourceId(), 100 + number, number, null),
                values,
                study.directions(),
                status,
                null,
                false,
                null,
                1,
                AT,
                AT);
    }

    public static StageRun stage(Trial trial, String name) {
        return StageRun.waiting(trial.id(), name, 0, 3, AT);
    }

    public static StageRun stage(Trial trial, String name, int position, @Nullable Instant dueAt) {
        return StageRun.waiting(trial.id(), name, position, 3, dueAt);
    }

    public static StageRun stage(Trial trial, String name, StageStatus status) {
        return new StageRun(0, trial.id(), name, 0, status, 0, 0, 3, null, null, null, null, null, 0, null, null, null);
    }

    /** A stage in whose row nothing is left out. */
    public static StageRun fullStage(Trial trial, String name) {
        return new StageRun(
                0,
                trial.id(),
                name,
                2,
                StageStatus.RUNNING,
                4,
                1,
                5,
                AT.plusSeconds(1),
                AT.plusSeconds(2),
                AT.plusSeconds(3),
                AT.plusSeconds(4),
                new Lease("runner-1", "host-ü", AT.plusSeconds(5)),
                Long.MAX_VALUE,
                AWKWARD,
                "reason " + AWKWARD,
                results());
    }

    /** Results with every kind of value that JSON-like values may hold. */
    public static Map<String, @Nullable Object> results() {
        List<@Nullable Object> list = new ArrayList<>(Arrays.asList(1L, 1.0, null, true, AWKWARD, List.of(), Map.of()));
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put("sharpe", 1.25);
        results.put("a whole double", 3.0);
        results.put("steps", 1680L);
        results.put("largest", Long.MAX_VALUE);
        results.put("tiny", Double.MIN_VALUE);
        results.put("huge", Double.MAX_VALUE);
        results.put("negative zero", -0.0);
        results.put("sum", 0.1 + 0.2);
        results.put("undefined", null);
        results.put("passed", false);
        results.put(AWKWARD, AWKWARD);
        results.put("list", list);
        results.put("nested", Map.of("deeper", Map.of("deepest", List.of(List.of(1L)))));
        return results;
    }

    public static Attempt attempt(StageRun stage, int number, long token) {
        return attempt(stage, number, token, Attempt.Outcome.RUNNING);
    }

    /** An attempt with this outcome, and without an end whatever that is. */
    public static Attempt attempt(StageRun stage, int number, long token, Attempt.Outcome outcome) {
        return new Attempt(
                0,
                stage.id(),
                stage.trialId(),
                stage.name(),
                number,
                token,
                "runner-1",
                "host",
                AT.plusSeconds(token),
                null,
                outcome,
                null,
                null);
    }

    public static ProcessIdentity process(long pid) {
        return new ProcessIdentity("5b1e7c4e-boot", pid, 123_456_789_012L, "nonce-" + pid);
    }

    public static Deployment deployment(Trial trial) {
        return Deployment.wanted(trial.id(), trial.key(), "ab".repeat(32), "among the best 3", null, AT);
    }

    public static Deployment deployment(Trial trial, DeploymentStatus status) {
        return deployment(trial).change().status(status).done();
    }

    /** The same deployment with nothing left out. */
    public static Deployment full(Deployment deployment, Long replaces) {
        return deployment
                .change()
                .desired(DesiredState.STOPPED)
                .status(DeploymentStatus.CRASHED)
                .health(DeploymentHealth.CRASH_LOOP, AWKWARD)
                .nonce("the nonce of the next launch")
                .process(process(4_194_304))
                .host("host-ü")
                .startedAt(AT.plusSeconds(1))
                .stoppedAt(AT.plusSeconds(2))
                .logFile("logs/deployment_1 " + AWKWARD)
                .restarts(7)
                .restartDue(AT.plusSeconds(3))
                .stopDeadline(AT.plusSeconds(4))
                .replaces(replaces)
                .orders(TradingState.REDUCING)
                .flattens(2)
                .resumes(1L << 40)
                .logLost(1L << 33)
                .done();
    }
}
