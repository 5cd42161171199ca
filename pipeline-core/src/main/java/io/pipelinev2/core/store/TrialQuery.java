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
        UPDATED,
        /** The Sharpe ratio of the backtest. */
        SHARPE,
        /** The largest drawdown of the backtest. */
        MAX_DRAWDOWN,
        /** How often the backtest traded. */
        TRADES;

        /** The name of the figure of the backtest that it is, or null if it is none. */
        public @Nullable String figure() {
            return switch (this) {
                case SHARPE, MAX_DRAWDOWN, TRADES -> name().toLowerCase(Locale.ROOT);
                case DISCOVERED, NUMBER, VALUE, UPDATED -> null;
            };
        }

        /** Whether trials may have none of what they are sorted by; these come last. */
        boolean mayLack() {
            return this == VALUE || figure() != null;
        }
    }

    /**
     * A place in every order: that of a trial when it was listed. It stays where it is, whatever becomes of the trial.
     *
     * @param id the pipeline's own id
     * @param number its number
     * @param value the value of the first objective, or the figure of the backtest that is sorted by; null if there is none
     * @param updatedAt when its status or reasons had last changed
     */
    public record Place(long id, int number, @Nullable Double value, Instant updatedAt) {

        /** Where a trial is now in an order that is not one of a figure. */
        public static Place of(Trial trial) {
            return of(trial, trial.value());
        }

        /** Where a trial is now, by this value. */
        public static Place of(Trial trial, @Nullable Double value) {
            return new Place(trial.id(), trial.key().number(), value, trial.updatedAt());
        }
    }

    /**
     * Trials in order, and whether there are more after them.
     *
     * @param trials as many as were asked for, at most
     * @param end where the last of them is if others come after it, else null
     */
    public record Page(List<Trial> trials, @Nullable Place end) {

        public Page {
            trials = List.copyOf(trials);
        }

        /** Whether others come after the last of them. */
        public boolean more() {
            return end != null;
        }

        /** Of trials in order with their places, of which there may be one more than {@code limit}. */
        public static Page of(List<Placed> placed, int limit) {
            boolean more = placed.size() > limit;
            List<Placed> shown = placed.subList(0, Math.min(limit, placed.size()));
            return new Page(
                    shown.stream().map(Placed::trial).toList(),
                    more ? shown.get(limit - 1).place() : null);
        }
    }

    /**
     * A trial in an order.
     *
     * @param trial the trial
     * @param place where it is
     */
    public record Placed(Trial trial, Place place) {}

    /** The page by a look at each trial, for stores that cannot do better. */
    Page among(Stream<Trial> all, Function<Trial, List<StageRun>> stages) {
        Comparator<Place> order = order();
        Place from = after;
        return Page.of(
                all.filter(trial -> matches(trial, stages))
                        .map(trial -> new Placed(trial, place(trial, stages)))
                        .filter(placed -> from == null || order.compare(placed.place(), from) > 0)
                        .sorted(Comparator.comparing(Placed::place, order))
                        .limit(limit + 1L)
                        .toList(),
                limit);
    }

    private Place place(Trial trial, Function<Trial, List<StageRun>> stages) {
        String figure = sort.figure();
        return figure == null
                ? Place.of(trial)
                : Place.of(trial, BacktestFigures.among(stages.apply(trial)).get(figure));
    }

    private Comparator<Place> order() {
        Comparator<Place> byId = Comparator.comparingLong(Place::id);
        Comparator<Place> by = switch (sort) {
            case DISCOVERED -> byId;
            case NUMBER -> Comparator.comparingInt(Place::number).thenComparing(byId);
            case UPDATED -> Comparator.comparing(Place::updatedAt).thenComparing(byId);
            // adding zero makes -0.0 what it is equal to
            case VALUE, SHARPE, MAX_DRAWDOWN, TRADES ->
                Comparator.comparingDouble((Place place) -> place.value() == null ? 0 : place.value() + 0.0)
                        .thenComparing(byId);
        };
        Comparator<Place> directed = descending ? by.reversed() : by;
        return sort.mayLack()
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
