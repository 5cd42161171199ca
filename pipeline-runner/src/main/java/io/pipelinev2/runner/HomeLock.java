package io.pipelinev2.runner;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The right to be the one supervising process of a home: a kernel lock on {@code state/daemon.lock}, which ends with the
 * process however it dies. The file says who holds it, for people; the lock alone decides.
 */
public final class HomeLock implements AutoCloseable {

    /** What takes the lock for a moment only, so that it is worth waiting for. */
    static final String COMMAND = "command";

    /** What a process that supervises a home calls itself, as its lock and as a runner. */
    private static final Set<String> SUPERVISORS = Set.of("daemon", "once", "demo", EmbeddedPipeline.WHAT);

    private static final int LOOKS = 100;

    /** Whoever has just taken the lock has not written yet who it is, so the words of a single look may be old ones. */
    private static final int LOOKS_AT_LEAST = 3;

    private static final int LOOK_MILLIS = 30;

    private final Path home;
    private final String what;
    private final KernelLock lock;

    private HomeLock(Path home, String what, KernelLock lock) {
        this.home = home;
        this.what = what;
        this.lock = lock;
    }

    private static Path file(Path home) {
        return home.resolve("state").resolve("daemon.lock");
    }

    /**
     * Takes the lock if nobody holds it.
     *
     * @throws HomeUnavailableException if the home cannot be written to
     */
    public static Optional<HomeLock> tryTake(Path home, String what) {
        Path file = file(home);
        try {
            PrivateDirectory.make(Objects.requireNonNull(file.getParent()));
            String holder = "%s, pid %d".formatted(what, ProcessHandle.current().pid());
            Optional<HomeLock> taken = KernelLock.tryTake(file, holder).map(lock -> new HomeLock(home, what, lock));
            if (taken.isPresent() && withoutItsFile(home).isPresent()) {
                taken.get().close();
                return Optional.empty();
            }
            return taken;
        } catch (IOException e) {
            throw new HomeUnavailableException(
                    "The home %s cannot be written to: %s. Fix its permissions or free its disk.".formatted(home, e),
                    e);
        }
    }

    /**
     * Takes the lock, waiting a moment for a command that holds it.
     *
     * @param what what takes it, for people: {@code daemon}, {@code once}, {@code demo}
     * @throws HomeHeldException if another process holds it
     * @throws HomeUnavailableException if the home cannot be written to
     */
    public static HomeLock take(Path home, String what) {
        CountDownLatch never = new CountDownLatch(1);
        Optional<HomeLock> lock = tryTake(home, what);
        try {
            for (int i = 0; lock.isEmpty() && i < LOOKS && isWorthwhile(home, i); i++) {
                if (!never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    lock = tryTake(home, what);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lock.orElseThrow(() -> new HomeHeldException(
                home,
                withoutItsFile(home)
                        .map(words -> words + " (somebody deleted " + file(home) + " under it)")
                        .orElseGet(() -> holder(home))));
    }

    private static boolean isWorthwhile(Path home, int looks) {
        return looks < LOOKS_AT_LEAST || holder(home).startsWith(COMMAND);
    }

    /** Whether this is the lock of that home. */
    boolean isFor(Path thatHome) {
        return lock.isValid() && home.equals(thatHome);
    }

    /** What took it, for people. */
    String what() {
        return what;
    }

    /**
     * What supervises the home at present, in words; empty if nothing does.
     *
     * @throws HomeUnavailableException if it cannot be told
     */
    public static Optional<String> heldBy(Path home) {
        try {
            return Files.exists(file(home)) && KernelLock.isHeld(file(home))
                    ? Optional.of(holder(home))
                    : withoutItsFile(home);
        } catch (IOException e) {
            throw new HomeUnavailableException(
                    "The home %s cannot be looked at: %s. Fix its permissions.".formatted(home, e), e);
        }
    }

    /**
     * A supervisor in another process that lives, though nobody holds the lock: the file was deleted under it, and the kernel
     * knows locks by file, not by name. One that ends in order lets go of its runner's lock before this one.
     */
    private static Optional<String> withoutItsFile(Path home) {
        return RunnerLocks.livingElsewhere(home.resolve("state")).stream()
                .filter(words -> SUPERVISORS.contains(words.split(",", 2)[0]))
                .findFirst();
    }

    private static String holder(Path home) {
        String holder = KernelLock.holder(file(home));
        return holder.isEmpty() ? "another process" : holder;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new PipelineException("The lock of the home could not be released: " + e, e);
        }
    }

    /** Another process supervises the home. */
    public static final class HomeHeldException extends PipelineException {
        HomeHeldException(Path home, String holder) {
            super(("The home %s is held by %s. Only one process may supervise a home; use `status` to look at it, or"
                            + " stop that process.")
                    .formatted(home, holder));
        }
    }

    /** The home cannot be read or written. */
    public static final class HomeUnavailableException extends PipelineException {
        HomeUnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
