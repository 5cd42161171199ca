package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.config.AlertConfig;
import io.pipelinev2.runner.config.AlertConfig.Address;
import io.pipelinev2.runner.config.AlertConfig.Email;
import io.pipelinev2.runner.config.AlertConfig.Log;
import io.pipelinev2.runner.config.AlertConfig.Ping;
import io.pipelinev2.runner.config.AlertConfig.Webhook;
import io.pipelinev2.runner.config.AlertRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Opens the channels that come with the program. */
public final class BuiltInChannels {

    private static final String LOG = "log";

    private BuiltInChannels() {}

    /**
     * The channel of a block; empty if it is a ping, or none that comes with the program.
     *
     * @param key what the configuration calls the block, such as {@code alerts[0]}
     * @throws PipelineException if a file with a secret cannot be used
     */
    public static Optional<AlertChannel> open(String key, AlertConfig config) {
        if (config.target() instanceof Log) {
            return Optional.of(new LogChannel());
        }
        if (config.target() instanceof Webhook webhook) {
            return Optional.of(new WebhookChannel(address(key, webhook.address(), config.timeout()), webhook.format()));
        }
        if (config.target() instanceof Email email) {
            SecretFile password = email.passwordFile()
                    .map(file -> new SecretFile(key + ".password_file", file))
                    .orElse(null);
            if (password != null) {
                password.read();
            }
            return Optional.of(new EmailChannel(email, password, config.timeout()));
        }
        return Optional.empty();
    }

    /**
     * The ping of a block; empty if it is none.
     *
     * @param key what the configuration calls the block
     * @throws PipelineException if a file with its address cannot be used
     */
    public static Optional<DeadManPing> ping(String key, AlertConfig config, PipelineStore store, Clock clock) {
        return config.target() instanceof Ping ping
                ? Optional.of(new DeadManPing(
                        config.name(), address(key, ping.address(), config.timeout()), ping.interval(), store, clock))
                : Optional.empty();
    }

    private static OutsideAddress address(String key, Address address, Duration timeout) {
        OutsideAddress opened = new OutsideAddress(key, address, timeout);
        opened.url();
        return opened;
    }

    /** The log, which is told of everything unless the configuration says something else of it. */
    public static Optional<OpenChannel> unlessConfigured(List<AlertConfig> configured) {
        boolean isThere = configured.stream()
                .anyMatch(each -> each.target() instanceof Log || each.name().equals(LOG));
        return isThere
                ? Optional.empty()
                : Optional.of(OpenChannel.of(
                        new AlertConfig(
                                LOG,
                                Arrays.stream(AlertRule.values())
                                        .map(AlertRule::label)
                                        .toList(),
                                io.pipelinev2.core.store.Alert.Severity.WARNING,
                                Duration.ofSeconds(30),
                                new Log()),
                        new LogChannel()));
    }
}
