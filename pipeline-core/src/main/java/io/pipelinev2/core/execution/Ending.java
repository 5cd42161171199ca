package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;

/**
 * How an attempt ended, not written down yet.
 *
 * @param claim the attempt's claim
 * @param what in words, for the case that it comes too late
 * @param consequence what it means for the stage and its trial
 */
record Ending(Claim claim, String what, Consequence consequence) {

    /** Writes down what follows for a stage that still belongs to the claim. */
    @FunctionalInterface
    interface Consequence {
        void write(StoreWriter tx, StageRun stage, Instant now);
    }
}
