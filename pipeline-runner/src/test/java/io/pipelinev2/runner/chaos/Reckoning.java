package io.pipelinev2.runner.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.chaos.Effects.Effect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What is stored of all trials in the end, held against what should have come of them and what was really done. */
final class Reckoning {

    private static final int ALL = 100_000;

    private record Story(int number, Trial trial, List<StageRun> stages, List<Attempt> attempts, List<Event> events) {}

    /**
     * An attempt as its executions know it. A number is used again after it was given back or forgiven, so a name may be
     * that of several.
     */
    private record Name(String runner, int trial, String stage, int attempt) {}

    private final List<Story> stories;

    private Reckoning(List<Story> stories) {
        this.stories = stories;
    }

    static Reckoning of(StoreReader tx, int trials) {
        List<Story> stories = new ArrayList<>();
        for (int number = 0; number < trials; number++) {
            Trial trial = tx.trial(new TrialKey(RunnerMain.STUDY, number)).orElseThrow();
            List<Event> oldestFirst = new ArrayList<>(tx.events(trial.id(), ALL));
            Collections.reverse(oldestFirst);
            stories.add(
                    new Story(number, trial, tx.stages(trial.id()), tx.attempts(trial.id()), List.copyOf(oldestFirst)));
        }
        return new Reckoning(stories);
    }

    /**
     * @param effects what the runners did
     * @param endedInOrder those of them that were not killed
     */
    void assertAllRight(List<Effect> effects, Set<String> endedInOrder, String when) {
        for (Story story : stories) {
            String what = "trial %d, %s; its attempts: %s; its events: %s"
                    .formatted(story.number(), when, story.attempts(), story.events());
            assertDecided(story, what);
            story.stages().forEach(stage -> assertAccounted(story, stage, what));
        }
        assertDone(effects, when);
        assertLateAnswers(effects, endedInOrder, when);
    }

    private static void assertDecided(Story story, String what) {
        Fate fate = Fate.of(story.number());
        assertThat(story.trial().status()).as(what).isEqualTo(fate.status());
        assertThat(story.trial().reason()).as(what).isEqualTo(fate.reason());
        assertThat(story.events())
                .extracting(Event::type)
                .as("decided once: %s", what)
                .filteredOn(Set.of(EventType.TRIAL_COMPLETED, EventType.TRIAL_FAILED)::contains)
                .containsExactly(
                        fate.status() == TrialStatus.COMPLETED ? EventType.TRIAL_COMPLETED : EventType.TRIAL_FAILED);
    }

    private static void assertAccounted(Story story, StageRun stage, String what) {
        String which = stage.name() + " of " + what;
        List<Attempt> attempts = story.attempts().stream()
                .filter(attempt -> attempt.stage().equals(stage.name()))
                .toList();
        List<Attempt> own = attempts.stream().filter(Fate::isOwn).toList();
        assertThat(attempts)
                .as("all have ended: %s", which)
                .noneMatch(attempt -> attempt.outcome() == Outcome.RUNNING || attempt.endedAt() == null);
        assertThat(attempts)
                .extracting(Attempt::token)
                .as("every claim has one: %s", which)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, stage.token()).boxed().toList());
        assertThat(own)
                .extracting(Attempt::outcome)
                .as("nothing is done twice, and nothing is left out: %s", which)
                .containsExactlyElementsOf(Fate.of(story.number()).script(stage.name()));
        assertThat(stage.failures()).as("attempts that count: %s", which).isEqualTo(own.size());
        assertThat(stage.crashes())
                .as("crashes that count: %s", which)
                .isEqualTo(unforgiven(story.events(), stage.name()));
        assertThat(story.events())
                .filteredOn(event -> stage.name().equals(event.stage()) && isCrash(event))
                .as("every crash is told of: %s", which)
                .hasSize((int) attempts.stream().filter(Reckoning::isCrashed).count());
    }

    private static boolean isCrashed(Attempt attempt) {
        return attempt.outcome() == Outcome.CRASHED || Fate.isOverdue(attempt);
    }

    private static boolean isCrash(Event event) {
        return event.type() == EventType.STAGE_CRASHED
                || event.type() == EventType.STAGE_TIMED_OUT && event.message().contains("long overdue");
    }

    /** Whoever unparks a trial forgives the stage that it waits for. */
    private static int unforgiven(List<Event> events, String stage) {
        int crashes = 0;
        boolean ended = false;
        for (Event event : events) {
            boolean ofStage = stage.equals(event.stage());
            if (ofStage && isCrash(event)) {
                crashes++;
            } else if (ofStage && event.type() == EventType.STAGE_PASSED) {
                ended = true;
            } else if (event.type() == EventType.OPERATOR_UNPARK && !ended) {
                crashes = 0;
            }
        }
        return crashes;
    }

    /** What was begun had been claimed, and what is said to have come to something was done, by whoever had claimed it. */
    private void assertDone(List<Effect> effects, String when) {
        Map<Name, Long> claimed = count(attempt -> true);
        Map<Name, Long> ownEnds = count(Fate::isOwn);
        Map<Name, Long> answered = count(attempt -> Fate.isOwn(attempt) && attempt.outcome() != Outcome.TIMED_OUT);
        Map<Name, Long> begun = count(effects, effect -> !effect.end());
        Map<Name, Long> ended = count(effects, Effect::end);
        assertCovered(begun, claimed, "was begun more often than it was claimed", when);
        assertCovered(ended, begun, "was ended more often than it was begun", when);
        assertCovered(ownEnds, begun, "has an outcome, but was not begun", when);
        assertCovered(answered, ended, "has an outcome, but was not ended", when);
    }

    private static void assertCovered(Map<Name, Long> these, Map<Name, Long> those, String complaint, String when) {
        assertThat(these)
                .as(when)
                .allSatisfy((name, count) -> assertThat(count)
                        .as("%s %s", name, complaint)
                        .isLessThanOrEqualTo(those.getOrDefault(name, 0L)));
    }

    private Map<Name, Long> count(Predicate<Attempt> which) {
        return stories.stream()
                .flatMap(story -> story.attempts().stream()
                        .filter(which)
                        .map(attempt -> new Name(attempt.runner(), story.number(), attempt.stage(), attempt.number())))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static Map<Name, Long> count(List<Effect> effects, Predicate<Effect> which) {
        return effects.stream()
                .filter(which)
                .map(Reckoning::name)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static Name name(Effect effect) {
        return new Name(effect.runner(), effect.trial(), effect.stage(), effect.attempt());
    }

    /**
     * An answer is late if its attempt had been taken from its runner, or from its stage: timed out, or given back. Every
     * runner that was not killed has said so of what was taken from it.
     */
    private void assertLateAnswers(List<Effect> effects, Set<String> endedInOrder, String when) {
        Map<Name, Long> taken = count(attempt ->
                Set.of(Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.CANCELLED).contains(attempt.outcome()));
        Map<Name, Long> crashed = count(Reckoning::isCrashed);
        Map<Name, Long> claimed = count(attempt -> true);
        for (Story story : stories) {
            for (Event late : story.events()) {
                if (late.type() == EventType.LATE_RESULT) {
                    assertThat(taken.keySet())
                            .as("%s: %s", late, when)
                            .anyMatch(name -> name.trial() == story.number() && isOf(late, name));
                }
            }
        }
        for (Effect effect : effects) {
            Name name = name(effect);
            boolean onlyCrashed = crashed.containsKey(name) && crashed.get(name).equals(claimed.get(name));
            // what is stubborn may outlast its runner's end
            boolean stubborn = Fate.of(effect.trial()) == Fate.IS_STUBBORN_ONCE;
            if (effect.end() && onlyCrashed && !stubborn && endedInOrder.contains(effect.runner())) {
                assertThat(stories.get(effect.trial()).events())
                        .as("the answer of %s came late: %s", name, when)
                        .anyMatch(event -> event.type() == EventType.LATE_RESULT && isOf(event, name));
            }
        }
    }

    private static boolean isOf(Event late, Name name) {
        return name.stage().equals(late.stage()) && late.message().contains("of attempt " + name.attempt() + " came");
    }

    @Override
    public String toString() {
        Map<Outcome, Long> outcomes = stories.stream()
                .flatMap(story -> story.attempts().stream())
                .collect(Collectors.groupingBy(Attempt::outcome, Collectors.counting()));
        Map<EventType, Long> events = stories.stream()
                .flatMap(story -> story.events().stream())
                .map(Event::type)
                .filter(Set.of(EventType.LATE_RESULT, EventType.TRIAL_PARKED)::contains)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return "%d trials, attempts %s, events %s".formatted(stories.size(), outcomes, events);
    }
}
