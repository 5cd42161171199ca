package io.pipelinev2.deploy.supervision;

import io.pipelinev2.deploy.launch.DeploymentLock;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param code its exit code, 128 + signal if a signal ended it, or null if it is not known
 * @param reason what it said about it itself, or null
 */
record Exit(@Nullable Integer code, @Nullable String reason) {

    private static final int FIRST_PERMANENT = 64;
    private static final int LAST_PERMANENT = 78;
    private static final int NOT_EXECUTED = 69;
    private static final int SIGNALLED = 128;
    private static final int KILLED = SIGNALLED + 9;

    /** Whether starting again would not help, by the conventions of sysexits. */
    boolean isPermanent() {
        return code != null
                && code >= FIRST_PERMANENT
                && code <= LAST_PERMANENT
                && !foundLockHeld()
                && !lockCouldNotBeOpened();
    }

    /** Whether the program never ran because its lock's file could not be opened, as on a full disk: no fault of a trial. */
    private boolean lockCouldNotBeOpened() {
        return isOfFlock() && !couldNotBeExecuted();
    }

    private boolean isOfFlock() {
        return reason != null && reason.contains("\"flock: ");
    }

    /** Whether it may have ended because the deployment's lock was held. A command may also use that code itself. */
    boolean foundLockHeld() {
        return code != null && code == DeploymentLock.HELD;
    }

    /** Whether the program never ran, because it could not be executed: {@code flock} says so itself. */
    boolean couldNotBeExecuted() {
        return code != null && code == NOT_EXECUTED && isOfFlock();
    }

    boolean wasKilled() {
        return code != null && code == KILLED;
    }

    String words() {
        StringBuilder words = new StringBuilder();
        if (couldNotBeExecuted()) {
            return "its program could not be executed: " + reason;
        }
        if (code == null) {
            words.append("ended; its exit code is not known, because it had been adopted");
        } else if (code > SIGNALLED && code < SIGNALLED + 65) {
            words.append("was ended by signal ").append(code - SIGNALLED);
        } else {
            words.append("ended with exit code ").append(code);
        }
        if (reason != null && !reason.isBlank()) {
            words.append(": ").append(reason);
        }
        return words.toString();
    }
}
