package io.pipelinev2.backtest.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a reader damaged files, one after the other. It may read them or refuse them with the documented exception; any
 * other exception, any error, and taking longer than the deadline fails the test.
 *
 * <p>By default a number of inputs that takes a second or two, from a fixed seed. With {@code -Dfuzz.seconds=N} it goes on
 * for N seconds, from a random seed unless {@code -Dfuzz.seed=S} names one. A failure names the seed that makes the very
 * input again ({@code -Dfuzz.seed=S}: it is the first one then) and leaves the input in {@code target/fuzz}.
 */
public final class Fuzzing {

    private static final long DEADLINE_SECONDS = 10;
    private static final long DEFAULT_SEED = 20261125;

    private final String name;
    private final Class<? extends Exception> refusal;
    private final List<byte[]> corpus = new ArrayList<>();
    private final List<Mutation> mutations = new ArrayList<>();
    private int inputs = 3000;
    private boolean nativeCode;

    private Fuzzing(String name, Class<? extends Exception> refusal) {
        this.name = name;
        this.refusal = refusal;
    }

    /** What a reader does with one input. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] input) throws Exception;
    }

    /** @param refusal the only exception that may come out */
    public static Fuzzing of(String name, Class<? extends Exception> refusal) {
        return new Fuzzing(name, refusal);
    }

    /** Adds a file that is read without fault. */
    public Fuzzing seededWith(byte[] good) {
        corpus.add(good);
        return this;
    }

    /** Adds ways to damage it; a kind that is added twice is used twice as often. */
    public Fuzzing damagedBy(List<Mutation> more) {
        mutations.addAll(more);
        return this;
    }

    /** How many inputs a run without a time takes. */
    public Fuzzing inputs(int count) {
        inputs = count;
        return this;
    }

    /** The reader may take the JVM down with it: each input is written down before it is read. */
    public Fuzzing ofNativeCode() {
        nativeCode = true;
        return this;
    }

    /** Runs until the time is over or something comes out that may not. */
    public void run(Reader reader) throws IOException {
        Long seconds = Long.getLong("fuzz.seconds");
        Long asked = Long.getLong("fuzz.seed");
        long first = asked != null ? asked : seconds != null ? new Random().nextInt() : DEFAULT_SEED;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds == null ? 0 : seconds);
        Path folder = Files.createDirectories(Path.of("target", "fuzz"));
        Path last = folder.resolve(name + "-last.bin");
        long done = 0;
        long read = 0;
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "fuzz " + name);
            // What hangs must not keep the build from failing.
            worker.setDaemon(true);
            return worker;
        });
        try {
            for (byte[] good : corpus) {
                reader.read(good);
            }
            for (long seed = first; seconds == null ? done < inputs : System.nanoTime() < end; seed++, done++) {
                byte[] input = input(seed);
                if (nativeCode) {
                    Files.write(last, input);
                }
                if (readOne(thread, reader, input, seed, folder)) {
                    read++;
                }
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("a good " + name + " is not read", e);
        } finally {
            thread.shutdownNow();
        }
        Files.deleteIfExists(last);
        System.out.printf("fuzzing %s: %d inputs from seed %d, %d of them readable%n", name, done, first, read);
    }

    private boolean readOne(ExecutorService thread, Reader reader, byte[] input, long seed, Path folder)
            throws IOException {
        Future<?> result = thread.submit(() -> {
            reader.read(input);
            return null;
        });
        try {
            result.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException thrown) {
            if (refusal.isInstance(thrown.getCause())) {
                return false;
            }
            throw failure("gives " + thrown.getCause(), input, seed, folder, thrown.getCause());
        } catch (TimeoutException hangs) {
            throw failure("takes more than " + DEADLINE_SECONDS + " s", input, seed, folder, hangs);
        } catch (InterruptedException stopped) {
            throw new AssertionError("stopped", stopped);
        }
    }

    private AssertionError failure(String what, byte[] input, long seed, Path folder, Throwable cause)
            throws IOException {
        Path kept = Files.write(folder.resolve(name + seed + ".bin"), input);
        return new AssertionError(
                "the reader of " + name + " " + what + " for the input of -Dfuzz.seed=" + seed + ", kept in " + kept,
                cause);
    }

    private byte[] input(long seed) {
        // Neighbouring seeds give similar first numbers, so they are spread.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        byte[] input = corpus.get(random.nextInt(corpus.size()));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            input = mutations.get(random.nextInt(mutations.size())).apply(input, random);
        }
        return input;
    }
}
