package io.pipelinev2.deploy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Appends a bar a second to one CSV file per asset, and does to these files whatever goes wrong with such programs. */
final class Downloader {

    static final List<String> ASSETS = List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI");

    private static final String HEADER = "time,open,high,low,close,volume\n";
    private static final double[] FIRST_PRICES = {90, 30, 60_000, 15, 3_000, 80, 8};
    private static final int GAP_EVERY = 40;

    /** Features are settled after these. */
    private static final int HISTORY = 1_100;

    private interface Repair {
        void run() throws IOException;
    }

    private enum Fault {
        HALF_A_LINE,
        THE_SAME_BAR_TWICE,
        A_SECOND_BAR_WITH_OTHER_VALUES,
        OUT_OF_ORDER,
        AN_IMPOSSIBLE_BAR,
        GONE,
        CUT,
        REWRITTEN_IN_PLACE,
        REVISED,
        OLD_LINES_DROPPED
    }

    private final Path directory;
    private final Instant start;
    private final Random random;
    private final double[] close = FIRST_PRICES.clone();
    private final List<Instant> complete = new ArrayList<>();
    private final Set<Instant> gaps = new HashSet<>();
    private int row;
    private @Nullable Repair repair;

    /** Makes the files, with some history. */
    Downloader(Path directory, Instant start, Random random) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.start = start;
        this.random = random;
        for (String asset : ASSETS) {
            Files.writeString(file(asset), HEADER);
        }
        write(lines(HISTORY, false));
        complete.clear();
    }

    /** The times after the history that all assets have a bar of, the oldest first. */
    List<Instant> complete() {
        return complete;
    }

    /** The times that one asset alone lacks. */
    Set<Instant> gaps() {
        return gaps;
    }

    /** Bars of some more seconds; of a second that one asset or all of them skip, there is none. */
    void append(int rows) throws IOException {
        write(lines(rows, true));
    }

    boolean isBroken() {
        return repair != null;
    }

    void repair() throws IOException {
        if (repair != null) {
            Repair now = repair;
            repair = null;
            now.run();
        }
    }

    /**
     * Does something to the files, which {@link #repair()} puts right where it is not allowed.
     *
     * @param needed how many of the last lines somebody may not have read yet
     */
    void spoil(int needed) throws IOException {
        String asset = ASSETS.get(random.nextInt(ASSETS.size()));
        Path file = file(asset);
        long size = Files.size(file);
        switch (Fault.values()[random.nextInt(Fault.values().length)]) {
            case HALF_A_LINE -> {
                List<StringBuilder> lines = lines(1, false);
                StringBuilder line = lines.get(ASSETS.indexOf(asset));
                int half = 1 + random.nextInt(line.length() - 1);
                append(file, line.substring(0, half));
                line.delete(0, half);
                repair = () -> write(lines);
            }
            case THE_SAME_BAR_TWICE -> append(file, last(file) + "\n");
            case A_SECOND_BAR_WITH_OTHER_VALUES -> {
                append(file, revised(last(file)) + "\n");
                repair = () -> cutTo(file, size);
            }
            case OUT_OF_ORDER -> {
                List<String> lines = Files.readAllLines(file);
                append(file, lines.get(lines.size() - 2 - random.nextInt(20)) + "\n");
                repair = () -> cutTo(file, size);
            }
            case AN_IMPOSSIBLE_BAR -> {
                append(file, time(row) + ",0,1,oops,1,1\n");
                repair = () -> cutTo(file, size);
            }
            case GONE -> {
                Path elsewhere = file.resolveSibling(asset + ".away");
                Files.move(file, elsewhere);
                repair = () -> Files.move(elsewhere, file);
            }
            case CUT -> {
                byte[] whole = Files.readAllBytes(file);
                cutTo(file, random.nextInt((int) size));
                repair = () -> replace(file, whole);
            }
            case REWRITTEN_IN_PLACE -> {
                byte[] whole = Files.readAllBytes(file);
                int part = random.nextInt(whole.length);
                Files.write(file, Arrays.copyOf(whole, part));
                repair = () -> append(file, new String(whole, part, whole.length - part, StandardCharsets.US_ASCII));
            }
            case REVISED -> {
                List<String> lines = Files.readAllLines(file);
                lines.set(lines.size() - 1, revised(lines.get(lines.size() - 1)));
                replace(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            case OLD_LINES_DROPPED -> {
                List<String> lines = Files.readAllLines(file);
                int from = Math.max(1, lines.size() - needed - HISTORY);
                String left = HEADER + String.join("\n", lines.subList(from, lines.size())) + "\n";
                replace(file, left.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private List<StringBuilder> lines(int rows, boolean withGaps) {
        List<StringBuilder> lines =
                ASSETS.stream().map(asset -> new StringBuilder()).toList();
        for (int i = 0; i < rows; i++, row++) {
            // The last is never one: whether it is left out shows only with the next.
            boolean gap = withGaps && i < rows - 1 && random.nextInt(GAP_EVERY) == 0;
            int without = gap ? random.nextInt(ASSETS.size() + 1) : -1;
            for (int asset = 0; asset < ASSETS.size(); asset++) {
                String line = line(asset);
                if (!gap || without != asset && without != ASSETS.size()) {
                    lines.get(asset).append(line);
                }
            }
            if (!gap) {
                complete.add(time(row));
            } else if (without < ASSETS.size()) {
                gaps.add(time(row));
            }
        }
        return lines;
    }

    private String line(int asset) {
        double open = close[asset];
        double now = open * Math.exp(0.002 * random.nextGaussian());
        close[asset] = now;
        double high = Math.max(open, now) * 1.001;
        double low = Math.min(open, now) * 0.999;
        return time(row) + "," + open + "," + high + "," + low + "," + now + "," + 100 * random.nextDouble() + "\n";
    }

    private Instant time(int at) {
        return start.plusSeconds(at);
    }

    /** The bar with its opening as its close, and another volume. */
    private static String revised(String line) {
        String[] fields = line.split(",");
        return String.join(",", fields[0], fields[1], fields[2], fields[3], fields[1], fields[5] + "1");
    }

    private static String last(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(lines.size() - 1);
    }

    private void write(List<StringBuilder> lines) throws IOException {
        for (int asset = 0; asset < ASSETS.size(); asset++) {
            append(file(ASSETS.get(asset)), lines.get(asset));
        }
    }

    private Path file(String asset) {
        return directory.resolve(asset + ".csv");
    }

    private static void append(Path file, CharSequence text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static void cutTo(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void replace(Path file, byte[] text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.write(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
