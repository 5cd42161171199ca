package io.pipelinev2.runner.alerts;

import java.time.Duration;

/**
 * What the rules go by.
 *
 * @param checkInterval how often new trials are looked for
 * @param healthInterval how often the parts of the pipeline report, and how often there is a look at the state
 * @param drawdown the share that a paper account may fall; 0 for what its backtest did
 */
public record AlertSettings(Duration checkInterval, Duration healthInterval, double drawdown) {}
