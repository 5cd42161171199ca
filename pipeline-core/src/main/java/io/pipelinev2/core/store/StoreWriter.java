package io.pipelinev2.core.store;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.LedgerEntry;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be written to a store within one atomic unit. An update names the row as the writer has read it; if it no
 * longer stands so, the write throws {@link StaleStateException}. An update that the table of transitions does not allow
 * throws {@link IllegalStateException}.
 */
public interface StoreWriter extends StoreReader {

    /** Stores a study and returns it with its id. */
    Study insert(Study study);

    /** Gives a study another label; its trials are then addressed by that. */
    void relabel(Study study, String label);

    /** Records how many trials a study has, or that it is not known. */
    void update(Study study, @Nullable TrialCounts counts);

    /** Stores a trial and returns it with its id. */
    Trial insert(Trial trial);

    /**
     * Changes status, parking, reasons and update time; the row must stand in the status of {@code before}, and be parked
     * as that one is.
     */
    void update(Trial before, Trial after);

    /** Stores a stage of a trial and returns it with its id. */
    StageRun insert(StageRun stage);

    /** Changes all but identity; the row must have the status and token of {@code before}. */
    void update(StageRun before, StageRun after);

    /**
     * Like {@link #due}, to be claimed: a stage that another writer is working on at this moment is left out rather than
     * waited for.
     */
    default List<StageRun> claimable(Collection<String> names, Instant now, int limit) {
        return due(names, now, limit);
    }

    /** Stores an attempt and returns it with its id. */
    Attempt insert(Attempt attempt);

    /** Changes how an attempt ended. */
    void update(Attempt attempt);

    /** Forgets an attempt that did no work. */
    void delete(Attempt attempt);

    /** Keeps what a stage has measured of a trial, in place of all that it measured of it before. */
    void put(long trialId, String stage, List<Series> series);

    /** Keeps what was found about a trial, in place of an earlier finding of that name. */
    void put(Finding finding);

    /** Stores a deployment and returns it with its id. */
    Deployment insert(Deployment deployment);

    /** Changes a deployment; the row must be of the version of {@code before}. Returns it with its new version. */
    Deployment update(Deployment before, Deployment after);

    /** Stores a start of a process and returns it with its id. */
    ProcessRun insert(ProcessRun run);

    /** Changes how a process ended. */
    void update(ProcessRun run);

    /** Keeps an operator's decision about a trial, in place of an earlier one. */
    void put(Preference preference);

    /** Takes back what an operator decided about a trial, if anything. */
    void deletePreference(long trialId);

    /**
     * Appends entries to a paper account's ledger.
     *
     * @throws IllegalStateException if one does not follow the last entry of its account
     */
    void append(List<LedgerEntry> entries);

    /** Appends an event; its id is given by the store. */
    void append(Event event);

    /** Appends a report. */
    void record(HealthReport report);

    /** Stores an alert and returns it with its id. */
    Alert insert(Alert alert);

    /** Changes all of an alert but its rule, its subject and when it was opened. */
    void update(Alert alert);

    /** Keeps what a channel is to be told of an alert, in place of what it was to be told before. */
    void put(Alert.Delivery delivery);

    /** Keeps how a channel has done, in place of what was known before. */
    void put(Alert.Channel channel);

    /** Holds a stage, in place of what held it before. */
    void put(StageHold hold);

    /** Holds a stage no longer. */
    void delete(StageHold hold);

    /**
     * Forgets what is over and done with and older than {@code before}: ended attempts and events of trials that are
     * completed or failed, events of no trial, health reports, and resolved alerts with their deliveries. Kept all the same: the latest report of each component,
     * and the events that tell that an operator stopped or deployed a trial, because the ranking goes by them.
     *
     * @param limit how many rows of each kind at most, so that other writers need not wait for long
     * @return how many rows were forgotten
     */
    int prune(Instant before, int limit);

    /**
     * Until this unit of work ends, others that name the same thing wait here. Needed where what is written depends on
     * rows that are only read; a store with one writer at a time need not do anything.
     */
    default void lock(String name) {}

    /** Stores a setting of the pipeline itself, such as when it last looked for trials. */
    void put(String key, String value);

    /**
     * Keeps a request that was carried out, and forgets those that were {@value HandledRequest#HOURS} hours before it.
     *
     * @throws StaleStateException if one of that key is kept already
     */
    void put(HandledRequest request);
}
