package io.pipelinev2.deploy.papertrading.feed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bars that the traders of a home fetched from one endpoint, in a directory that they share: {@code bars-N.csv}, which
 * is appended to, and {@code state.json}, which says how much of it counts and when may be asked again. Who reads or writes
 * holds the kernel's lock on {@code lock}, which ends with its process.
 *
 * <p>Everything here can be fetched again: nothing is forced to disk, and what makes no sense counts as not there.
 */
final class SharedBars {

    /** The kernel's locks are of whole processes, and any closing of the file ends them: one at a time in this process. */
    private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final Path directory;

    /** @param directory made if it is not there */
    SharedBars(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
    }

    /** What is done under the lock. */
    interface Work {
        void with(Session session) throws IOException, InterruptedException;
    }

    /** @return whether it was done; false while another trader has the lock */
    boolean tryWith(Work work) throws IOException, InterruptedException {
        ReentrantLock inProcess = IN_PROCESS.computeIfAbsent(directory, path -> new ReentrantLock());
        if (!inProcess.tryLock()) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            work.with(new Session(load()));
            return true;
        } finally {
            inProcess.unlock();
        }
    }

    private SharedState load() throws IOException {
        SharedState state;
        try {
            Map<String, @Nullable Object> values =
                    JSON.readValue(Files.readAllBytes(directory.resolve("state.json")), OBJECT);
            state = values == null ? SharedState.NONE : SharedState.of(values);
        } catch (NoSuchFileException | JacksonException e) {
            return SharedState.NONE;
        }
        Path bars = file(state.generation());
        boolean whole = Files.exists(bars) && Files.size(bars) >= state.length();
        return whole || state.from().isEmpty()
                ? state
                : new SharedState(
                        state.generation(),
                        0,
                        SharedState.NONE.from(),
                        SharedState.NONE.until(),
                        state.notBefore(),
                        state.failures(),
                        state.trouble(),
                        state.lasting(),
                        state.ahead());
    }

    private Path file(long generation) {
        return directory.resolve("bars-" + generation + ".csv");
    }

    /** How far a trader has read. */
    static final class Cursor {
        private long generation = -1;
        private long offset;

        /** Begins again from the beginning. */
        void reset() {
            generation = -1;
        }
    }

    /** While the lock is held. */
    final class Session {

        private SharedState state;

        private Session(SharedState state) {
            this.state = state;
        }

        SharedState state() {
            return state;
        }

        void save(SharedState now) throws IOException {
            Path draft = directory.resolve("state.json.tmp");
            Files.write(draft, JSON.writeValueAsBytes(now.toMap()));
            Files.move(draft, directory.resolve("state.json"), StandardCopyOption.ATOMIC_MOVE);
            state = now;
        }

        /** Reads what was added since the cursor was moved last, and moves it. */
        void read(Cursor cursor, Consumer<ReceivedBar> to) throws IOException {
            if (cursor.generation != state.generation()) {
                cursor.generation = state.generation();
                cursor.offset = 0;
            }
            if (cursor.offset >= state.length()) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file(state.generation()), StandardOpenOption.READ)) {
                channel.position(cursor.offset);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
                String line = lines.readLine();
                while (line != null && cursor.offset < state.length()) {
                    to.accept(bar(line));
                    cursor.offset += line.length() + 1L;
                    line = lines.readLine();
                }
            } catch (IllegalArgumentException e) {
                forget();
                throw new IOException("the shared bars in " + directory + " were damaged and are fetched again", e);
            }
        }

        /** Counts nothing that is there any more. */
        private void forget() throws IOException {
            SharedState none = SharedState.NONE;
            save(new SharedState(
                    state.generation() + 1,
                    0,
                    none.from(),
                    none.until(),
                    state.notBefore(),
                    state.failures(),
                    state.trouble(),
                    state.lasting(),
                    state.ahead()));
        }

        /** Adds bars, by which all up to a time are there. */
        void append(List<ReceivedBar> bars, SharedState now, Instant until) throws IOException {
            Path file = file(state.generation());
            long length = write(file, state.length(), bars);
            save(now.holding(
                    state.generation(),
                    length,
                    state.from().orElseThrow(),
                    until.isAfter(state.until()) ? until : state.until()));
        }

        /** Begins anew, with these bars alone. */
        void replace(List<ReceivedBar> bars, SharedState now, Instant from, Instant until) throws IOException {
            long before = state.generation();
            Files.deleteIfExists(file(before + 1));
            long length = write(file(before + 1), 0, bars);
            save(now.holding(before + 1, length, from, until));
            Files.deleteIfExists(file(before));
        }

        private long write(Path file, long from, List<ReceivedBar> bars) throws IOException {
            StringBuilder text = new StringBuilder();
            for (ReceivedBar bar : bars) {
                text.append(bar.asset()).append(',').append(bar.time());
                for (double value : bar.values()) {
                    text.append(',').append(value);
                }
                text.append('\n');
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.truncate(from).position(from);
                ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return channel.position();
            }
        }
    }

    private static ReceivedBar bar(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != 7) {
            throw new IllegalArgumentException("not a bar");
        }
        double[] values = new double[5];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(fields[i + 2]);
        }
        return ReceivedBar.of(Integer.parseInt(fields[0]), Long.parseLong(fields[1]), values);
    }
}
