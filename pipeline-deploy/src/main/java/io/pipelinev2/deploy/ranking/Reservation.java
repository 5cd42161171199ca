package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.trial.TrialKey;

/**
 * The slot of a trial that an operator stopped: trials of later batches alone may fill it.
 *
 * @param trialId the trial that was stopped
 * @param key how people name it
 * @param batch the latest batch at that time
 */
public record Reservation(long trialId, TrialKey key, long batch) {}
