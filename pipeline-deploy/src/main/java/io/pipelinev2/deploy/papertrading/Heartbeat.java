package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.papertrading.JsonFile.MalformedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The latest sign of life of a bundled trader, from its {@code state.json}. It is written by the very loop that trades, so
 * a trader that hangs is silent.
 *
 * @param nonce the nonce of the start that wrote it
 * @param at when it was written
 * @param phase what the trader is doing
 * @param step the steps traded so far
 * @param loop counts the rounds of the loop in this process
 * @param equity cash plus holdings at the last bar's prices, on paper
 */
public record Heartbeat(String nonce, Instant at, Phase phase, int step, long loop, double equity) {

    /** A trader that waits for its next bar reports this often. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /**
     * The heartbeat in a state directory, or empty if no trader has written one there yet.
     *
     * @throws PipelineException if there is one that cannot be read
     */
    public static Optional<Heartbeat> read(Path stateDirectory) {
        try {
            Account account = Account.read(stateDirectory.resolve(Account.NAME));
            return Optional.of(new Heartbeat(
                    account.nonce(),
                    account.writtenAt(),
                    account.phase(),
                    account.step(),
                    account.loop(),
                    account.equity()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | MalformedException e) {
            throw new PipelineException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }
}
