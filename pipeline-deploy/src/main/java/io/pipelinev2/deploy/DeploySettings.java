package io.pipelinev2.deploy;

import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.deploy.ranking.Contest;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.deploy.supervision.CrashBudget;
import io.pipelinev2.deploy.supervision.SupervisionSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How trials are deployed: the block {@code stages.deploy} of the configuration.
 *
 * @param maxDeployed how many trials may be deployed, 0 or more
 * @param rankBy what they are ranked by: a metric of their backtest, or {@code value} for Optuna's objective
 * @param margin by how much a trial must be better than one whose slot it takes
 * @param minTenure how long a deployed trial cannot be replaced
 * @param maxPerHour how many new deployments may be begun within any hour; 0 for as many as there are slots
 * @param startTime how long a process must have lived to count as started
 * @param stopGrace how long a process may take to end after it was asked to
 * @param autoRestart whether a process that crashed is started again
 * @param restarts how many restarts within {@code window} are allowed
 * @param window the length of the sliding window that restarts are counted in
 * @param pace real time per bar of the bundled trader
 * @param command a command of the user's own with places to be filled in, or null for the bundled trader
 */
public record DeploySettings(
        int maxDeployed,
        String rankBy,
        double margin,
        Duration minTenure,
        int maxPerHour,
        Duration startTime,
        Duration stopGrace,
        boolean autoRestart,
        int restarts,
        Duration window,
        Duration pace,
        @Nullable List<String> command) {

    /** Three trials by Sharpe ratio, run by the bundled trader at one bar per second. */
    public static final DeploySettings DEFAULT = new DeploySettings(
            3,
            "sharpe",
            0,
            Duration.ZERO,
            0,
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            true,
            5,
            Duration.ofMinutes(30),
            Duration.ofSeconds(1),
            null);

    /** Checks every setting; the message names the one that is wrong. */
    public DeploySettings {
        command = command == null ? null : List.copyOf(command);
        contest(maxDeployed, rankBy, margin, minTenure);
        budget(restarts, window);
        if (maxPerHour < 0) {
            throw new IllegalArgumentException("stages.deploy.max_per_hour must not be negative, was " + maxPerHour);
        }
        notNegative("start_seconds", startTime);
        notNegative("stop_grace", stopGrace);
        notNegative("pace", pace);
        if (command != null) {
            new CommandTemplate(command);
        }
    }

    public DeploySettings withMaxDeployed(int value) {
        return new DeploySettings(
                value,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withRankBy(String value) {
        return new DeploySettings(
                maxDeployed,
                value,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withMargin(double value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                value,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withMinTenure(Duration value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                value,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withMaxPerHour(int value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                value,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withStartTime(Duration value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                value,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withStopGrace(Duration value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                value,
                autoRestart,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withAutoRestart(boolean value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                value,
                restarts,
                window,
                pace,
                command);
    }

    public DeploySettings withRestarts(int value, Duration within) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                value,
                within,
                pace,
                command);
    }

    public DeploySettings withPace(Duration value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                value,
                command);
    }

    public DeploySettings withCommand(@Nullable List<String> value) {
        return new DeploySettings(
                maxDeployed,
                rankBy,
                margin,
                minTenure,
                maxPerHour,
                startTime,
                stopGrace,
                autoRestart,
                restarts,
                window,
                pace,
                value);
    }

    Contest contest() {
        return contest(maxDeployed, rankBy, margin, minTenure);
    }

    SupervisionSettings supervision() {
        return new SupervisionSettings(
                maxDeployed, startTime, stopGrace, autoRestart, budget(restarts, window), command == null);
    }

    private static Contest contest(int slots, String rankBy, double margin, Duration minTenure) {
        return new Contest(slots, new RankBy(rankBy), margin, minTenure);
    }

    private static CrashBudget budget(int restarts, Duration window) {
        return new CrashBudget(restarts, window);
    }

    private static void notNegative(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("stages.deploy." + key + " must not be negative, was " + value);
        }
    }
}
