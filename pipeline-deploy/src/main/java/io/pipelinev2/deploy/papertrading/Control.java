package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a trader: {@code control.json} in its state directory, written by whoever supervises it and
 * read by the trader before the orders of every bar.
 *
 * @param orders which orders it may give
 * @param flattens how often it was asked to sell everything; each increase is one request, which outlasts restarts
 * @param resumes how often an operator lifted what the trader put on itself: an increase ends a drawdown stop, what follows
 *     a flatten, and the halt after books that do not agree; a daily loss stop ends with its day alone
 * @param reason why, in words, for whoever reads the account
 */
public record Control(TradingState orders, long flattens, long resumes, String reason) {

    /** Its name in the state directory. */
    public static final String NAME = "control.json";

    /** All orders; nothing was ever asked. */
    public static final Control NONE = new Control(TradingState.ACTIVE, 0, 0, "");

    /** Refuses negative counts. */
    public Control {
        if (flattens < 0 || resumes < 0) {
            throw new IllegalArgumentException(
                    "flattens and resumes must not be negative, were " + flattens + " and " + resumes);
        }
    }

    /** Without anything to resume. */
    public Control(TradingState orders, long flattens, String reason) {
        this(orders, flattens, 0, reason);
    }

    /**
     * What is wanted in a state directory; {@link #NONE} if nothing is written there.
     *
     * @throws PipelineException if there is something that cannot be read: nobody knows what is wanted then
     */
    public static Control read(Path stateDirectory) {
        return find(stateDirectory).orElse(NONE);
    }

    /**
     * What is wanted in a state directory; empty if nothing is written there. To whoever was told before, that is no order.
     *
     * @throws PipelineException if there is something that cannot be read: nobody knows what is wanted then
     */
    public static Optional<Control> find(Path stateDirectory) {
        Path file = stateDirectory.resolve(NAME);
        try {
            Fields fields = JsonFile.read(file);
            return Optional.of(new Control(
                    TradingState.of(fields.text("orders")),
                    fields.whole("flattens"),
                    fields.has("resumes") ? fields.whole("resumes") : 0,
                    fields.text("reason")));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | MalformedException | IllegalArgumentException e) {
            throw new PipelineException("Cannot read " + file + ": " + e.getMessage() + ".", e);
        }
    }

    /**
     * Writes it into a state directory, durably and as a whole.
     *
     * @throws PipelineException if it cannot be written
     */
    public void writeTo(Path stateDirectory) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("orders", orders.label());
        values.put("flattens", flattens);
        values.put("resumes", resumes);
        values.put("reason", reason);
        try {
            JsonFile.write(stateDirectory.resolve(NAME), values);
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot write " + stateDirectory.resolve(NAME) + ": " + e + ". Make room or fix its permissions.",
                    e);
        }
    }
}
