package io.pipelinev2.runner.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What there are alerts of. docs/alerts.md lists them all. */
public enum AlertRule {
    /** A paper trader that should run has not for a minute. */
    DEPLOYMENT_DOWN,
    /** A paper trader died so often that it is not started again. */
    CRASH_LOOP,
    /** A paper trader ended in a way that starting it again would not mend. */
    PERMANENT_FAILURE,
    /** A stage is held: it keeps failing, or somebody paused it. */
    STAGE_HELD,
    /** There was no successful look for new trials for several intervals. */
    DISCOVERY_SILENT,
    /** A file system that the pipeline writes to is nearly full. */
    DISK,
    /** Paper results left the range that the backtest leads to expect. */
    DRIFT,
    /** A paper account fell further below its highest than it should. */
    DRAWDOWN,
    /** A part of the pipeline is degraded or down. */
    HEALTH;

    /** The name in lower case, as it stands in configuration, JSON and the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(AlertRule::label).toList();
    }
}
