package io.pipelinev2.runner.http.exchange;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator had before their eyes when they decided: where a trial, its stages and its deployment stood. It is
 * another one as soon as any of that has moved on, but not for every sign of life, nor for a trader's health: whoever stops
 * one that has just become unwell is not to be asked again.
 */
public final class RowVersion {

    private static final int LENGTH = 8;

    private RowVersion() {}

    public static String of(StoreReader tx, Trial trial) {
        return of(
                trial,
                tx.stages(trial.id()),
                tx.deploymentOf(trial.id()).orElse(null),
                tx.preferences().get(trial.id()));
    }

    public static String of(
            Trial trial, List<StageRun> stages, @Nullable Deployment deployment, @Nullable Preference preference) {
        StringBuilder text = new StringBuilder()
                .append(trial.id())
                .append(' ')
                .append(trial.status())
                .append(' ')
                .append(trial.parked());
        for (StageRun run : stages) {
            text.append('|')
                    .append(run.name())
                    .append(' ')
                    .append(run.status())
                    .append(' ')
                    .append(run.attempts())
                    .append(' ')
                    .append(run.token())
                    .append(' ')
                    .append(run.repeats());
        }
        if (deployment != null) {
            text.append('|')
                    .append(deployment.id())
                    .append(' ')
                    .append(deployment.status())
                    .append(' ')
                    .append(deployment.desired())
                    .append(' ')
                    .append(deployment.orders())
                    .append(' ')
                    .append(deployment.flattens())
                    .append(' ')
                    .append(deployment.resumes());
        }
        return digest(text.append('|').append(preference == null ? null : preference.kind()));
    }

    /** @param hold what holds a stage, or null if nothing does */
    public static String of(String stage, @Nullable StageHold hold) {
        return digest(new StringBuilder(stage)
                .append('|')
                .append(hold == null ? "" : hold.kind() + " " + hold.since().toEpochMilli()));
    }

    public static String of(Alert alert) {
        return digest(new StringBuilder()
                .append(alert.id())
                .append('|')
                .append(alert.severity())
                .append('|')
                .append(alert.isOpen())
                .append('|')
                .append(alert.acknowledgedBy())
                .append('|')
                .append(alert.silencedUntil()));
    }

    private static String digest(StringBuilder text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
