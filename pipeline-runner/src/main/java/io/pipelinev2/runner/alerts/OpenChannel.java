package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.config.AlertConfig;
import java.time.Duration;
import java.util.Set;

/**
 * A channel as it was configured, ready for use.
 *
 * @param name by which the database knows it
 * @param rules the labels of the rules that it is told of
 * @param least it is told of alerts that are at least as severe
 * @param timeout how long one try may take
 * @param channel who is told
 */
public record OpenChannel(
        String name, Set<String> rules, Alert.Severity least, Duration timeout, AlertChannel channel) {

    public OpenChannel {
        rules = Set.copyOf(rules);
    }

    /** The channel that a block of the configuration describes. */
    public static OpenChannel of(AlertConfig config, AlertChannel channel) {
        return new OpenChannel(config.name(), Set.copyOf(config.rules()), config.least(), config.timeout(), channel);
    }

    /** Whether very many notices become one: the log has room for each, and is looked through by machines. */
    boolean digests() {
        return !(channel instanceof LogChannel);
    }

    boolean wants(Alert alert) {
        return rules.contains(alert.rule()) && alert.severity().compareTo(least) >= 0;
    }
}
