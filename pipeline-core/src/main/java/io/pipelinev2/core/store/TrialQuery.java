package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which trials to list, in which order, from where on.
 *
 * @param study the label of their study, or null for all
 * @param number their number, or null for all
 * @param statuses where they stand; empty for all
 * @param stage a stage that they have, or null
 * @param stageStatus where that stage stands; null for trials that stand at this stage: it runs, has failed, or is due now
 *     or later
 * @param text what must be in the study's label, in why the trial is held or is in its status, or in what went wrong in a
 *     stage; capital letters of English are not told from small ones; empty for all
 * @param sort by what
 * @param descending from the largest down; trials without what is sorted by come last in any case
 * @param after only those after this place in that order, or null to begin at its beginning
 * @param limit how many at most, {@value #MOST} at most
 */
public record TrialQuery(
        @Nullable String study,
        @Nullable Integer number,
        Set<TrialStatus> statuses,
        @Nullable String stage,
        @Nullable StageStatus stageStatus,
        String text,
        Sort sort,
        boolean descending,
        @Nullable Place after,
        int limit) {

    /** The largest limit. */
    public static final int MOST = 1000;

    /** All trials in the order of their discovery. */
    public static final TrialQuery ALL =
            new TrialQuery(null, null, Set.of(), null, null, "", Sort.DISCOVERED, false, null, MOST);

    public TrialQuery {
        statuses = Set.copyOf(statuses);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a limit must be 1 to " + MOST + ", was " + limit);
        }
        if (stage == null && stageStatus != null) {
            throw new IllegalArgumentException("the status of a stage needs the name of the stage");
        }
    }

    /** By what trials are sorted; equal ones by the order of their discovery. */
    public enum Sort {
        /** The order of discovery alone. */
        DISCOVERED,
        /** Their number within their study. */
        NUMBER,
        /** The value of the first objective. */
        VALUE,
        /** When status or reasons last changed. */
        UPDATED
    }

    /**
     * A place in every order: that of a trial when it was listed. It stays where it is, whatever becomes of the trial.
     *
     * @param id the pipeline's own id
     * @param number its number
     * @param value the value of the first objective, or null
     * @param updatedAt when its status or reasons had last changed
     */
    public record Place(long id, int number, @Nullable Double value, Instant updatedAt) {

        /** Where a trial is now. */
        public static Place of(Trial trial) {
            return new Place(trial.id(), trial.key().number(), trial.value(), trial.updatedAt());
        }
    }

    /**
     * Trials in order, and whether there are more after them.
     *
     * @param trials as many as were asked for, at most
     * @param more whether others come after the last of them
     */
    public record Page(List<Trial> trials, boolean more) {

        public Page {
            trials = List.copyOf(trials);
        }

        /** Of trials in order, of which there may be one more than {@code limit}. */
        public static Page of(List<Trial> trials, int limit) {
            return new Page(trials.subList(0, Math.min(limit, trials.size())), trials.size() > limit);
        }
    }

    /** The page by a look at each trial, for stores that cannot do better. */
    Page among(Stream<Trial> all, Function<Trial, List<StageRun>> stages) {
        Comparator<Place> order = order();
        Place from = after;
        return Page.of(
                all.filter(trial -> from == null || order.compare(Place.of(trial), from) > 0)
                        .filter(trial -> matches(trial, stages))
                        .sorted(Comparator.comparing(Place::of, order))
                        .limit(limit + 1L)
                        .toList(),
                limit);
    }

    private Comparator<Place> order() {
        Comparator<Place> byId = Comparator.comparingLong(Place::id);
        Comparator<Place> by = switch (sort) {
            case DISCOVERED -> byId;
            case NUMBER -> Comparator.comparingInt(Place::number).thenComparing(byId);
            case UPDATED -> Comparator.comparing(Place::updatedAt).thenComparing(byId);
            // adding zero makes -0.0 what it is equal to
            case VALUE ->
                Comparator.comparingDouble((Place place) -> place.value() == null ? 0 : place.value() + 0.0)
                        .thenComparing(byId);
        };
        Comparator<Place> directed = descending ? by.reversed() : by;
        return sort == Sort.VALUE
                ? Comparator.comparing((Place place) -> place.value() == null).thenComparing(directed)
                : directed;
    }

    private boolean matches(Trial trial, Function<Trial, List<StageRun>> stages) {
        return (study == null || trial.key().study().equals(study))
                && (number == null || trial.key().number() == number)
                && (statuses.isEmpty() || statuses.contains(trial.status()))
                && (stage == null || stages.apply(trial).stream().anyMatch(this::matches))
                && (text.isEmpty() || mentions(trial, stages.apply(trial)));
    }

    private boolean matches(StageRun run) {
        return run.name().equals(stage)
                && (stageStatus == null
                        ? run.status() == StageStatus.RUNNING
                                || run.status() == StageStatus.FAILED
                                || (run.status() == StageStatus.PENDING && run.dueAt() != null)
                        : run.status() == stageStatus);
    }

    private boolean mentions(Trial trial, List<StageRun> stages) {
        return contains(trial.key().study())
                || contains(trial.reason())
                || contains(trial.heldReason())
                || stages.stream().anyMatch(run -> contains(run.errorMessage()) || contains(run.reason()));
    }

    private boolean contains(@Nullable String said) {
        return said != null && said.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }
}
