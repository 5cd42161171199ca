package io.pipelinev2.core.monitoring;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.util.List;
import java.util.Optional;

/**
 * All that a pipeline has recorded, in one database, for reading: what {@code SqliteStore} and {@code PostgresStore} of
 * pipeline-store open, and what a pipeline keeps in memory without them.
 *
 * <p>It can be read while a pipeline works on it, from this process or another. Each call reads one consistent state and asks
 * the database anew; lists are complete and unmodifiable. Safe for use by several threads. Every method but {@link #close}
 * throws a {@link io.pipelinev2.core.PipelineException} if the database cannot be read.
 *
 * <p>Not to be implemented outside this project: a pipeline takes only its stores.
 */
public interface PipelineRecords extends AutoCloseable {

    /**
     * All trials.
     *
     * @return in order of their keys
     */
    List<Trial> trials();

    /**
     * One trial.
     *
     * @param key its study's label and its number
     * @return empty if none is known by this key
     */
    Optional<Trial> trial(TrialKey key);

    /**
     * The stages of a trial.
     *
     * @param key its study's label and its number
     * @return in the order in which it goes through them; empty if no trial is known by this key
     */
    List<StageRun> stages(TrialKey key);

    /**
     * What a stage has measured of a trial.
     *
     * @param key the trial
     * @param stage the stage's name
     * @return in order of their names; empty if nothing was measured, or no trial is known by this key
     */
    List<Series> series(TrialKey key, String stage);

    /**
     * What happened last.
     *
     * @param limit how many events at most, 1 or more
     * @return the newest first
     */
    List<Event> events(int limit);

    /**
     * What happened last to a trial.
     *
     * @param key the trial
     * @param limit how many events at most, 1 or more
     * @return the newest first; empty if no trial is known by this key
     */
    List<Event> events(TrialKey key, int limit);

    /** Lets go of the database. Called again it does nothing. */
    @Override
    void close();
}
