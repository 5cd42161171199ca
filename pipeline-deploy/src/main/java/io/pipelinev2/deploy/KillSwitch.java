package io.pipelinev2.deploy;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The kill switch of a home: the file {@code state/KILL}. While it exists no trader of the home gives an order, or none but
 * sales if its first word is {@code reducing}; each looks before the orders of every bar, so it works without a database and
 * without anybody who supervises. Anybody may make it ({@code touch}), and remove what was made so; one that a command asked for
 * is written again by whoever supervises, until a command ends it.
 */
public final class KillSwitch {

    /** Its name in the home's {@code state}. */
    public static final String NAME = "KILL";

    private static final int LONGEST = 4_096;

    private final Path file;

    /** @param home the pipeline's home */
    public KillSwitch(Path home) {
        this.file = home.toAbsolutePath().normalize().resolve("state").resolve(NAME);
    }

    /**
     * How it stands.
     *
     * @param orders which orders it lets traders give
     * @param words what stands in the file, on one line; empty if there is no file or nothing in it
     */
    public record Position(TradingState orders, String words) {}

    /** The file itself. */
    public Path file() {
        return file;
    }

    /** How it stands. What is there and cannot be read stops everything, as it does for the traders. */
    public Position position() {
        try (var in = Files.newInputStream(file)) {
            String words = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
            String first = words.split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
            TradingState orders =
                    first.equals(TradingState.REDUCING.label()) ? TradingState.REDUCING : TradingState.HALTED;
            return new Position(orders, words.lines().findFirst().orElse(""));
        } catch (NoSuchFileException none) {
            return new Position(TradingState.ACTIVE, "");
        } catch (IOException e) {
            return new Position(TradingState.HALTED, file + " is there and cannot be read: " + e);
        }
    }

    /**
     * Puts it so that these orders alone are given, durably, before it returns.
     *
     * @param words who wants it and why
     * @throws PipelineException if the file cannot be written
     */
    public void set(TradingState orders, String words) {
        if (orders == TradingState.ACTIVE) {
            lift();
            return;
        }
        String text = "%s %s%n%s%n"
                .formatted(
                        orders.label(),
                        words.replaceAll("\\s+", " ").strip(),
                        "While this file exists, the paper traders of this home give "
                                + (orders == TradingState.HALTED ? "no orders" : "no orders but sales")
                                + ". `resume` ends that; a daemon writes the file again if it is removed.");
        try {
            try {
                Files.createDirectories(file.getParent());
            } catch (FileAlreadyExistsException link) {
                // a link to a directory is as good as one
            }
            Path draft = file.resolveSibling(NAME + ".tmp");
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            keepDirectory();
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot write the kill switch %s: %s. Make room or fix its permissions, or make the file by hand: that alone stops all orders."
                            .formatted(file, e),
                    e);
        }
    }

    /**
     * Ends it.
     *
     * @throws PipelineException if the file cannot be removed
     */
    public void lift() {
        try {
            if (Files.deleteIfExists(file)) {
                keepDirectory();
            }
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot remove the kill switch %s: %s. Remove it by hand; until then no orders are given."
                            .formatted(file, e),
                    e);
        }
    }

    /** A name that is new or gone lasts only once its directory has been written. */
    private void keepDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
