package io.pipelinev2.runner.chaos;

import java.util.Random;

/** What happens to a runner. */
enum Disturbance {
    /** kill -9, at any point of its work. */
    KILLED,
    /** SIGSTOP for a while that is shorter than its lease, or longer, and then SIGCONT. */
    FROZEN,
    /** SIGTERM. */
    ENDED,
    /** kill -9 on the way to an orderly end. */
    KILLED_WHILE_ENDING;

    static Disturbance any(Random random) {
        int percent = random.nextInt(100);
        return percent < 40 ? KILLED : percent < 75 ? FROZEN : percent < 90 ? ENDED : KILLED_WHILE_ENDING;
    }
}
