package io.pipelinev2.runner.view;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.config.DidYouMean;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a person names a trial: {@code STUDY/N}, or {@code N} alone while no two studies share it.
 *
 * @param study the label of the study, or null if only a number was given
 * @param number the trial's number
 */
public record TrialSelector(@Nullable String study, int number) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    /**
     * Reads {@code [STUDY/]N}. A study's name may hold slashes itself: the last one parts it from the number.
     *
     * @throws MalformedTrialSelectorException if the text is of another form
     */
    public static TrialSelector parse(String text) {
        int slash = text.lastIndexOf('/');
        String digits = text.substring(slash + 1);
        if (slash == 0 || !NUMBER.matcher(digits).matches() || Long.parseLong(digits) > Integer.MAX_VALUE) {
            throw new MalformedTrialSelectorException(text);
        }
        return new TrialSelector(slash < 0 ? null : text.substring(0, slash), Integer.parseInt(digits));
    }

    /**
     * The one trial that is meant.
     *
     * @throws UnknownTrialException if there is no such trial
     * @throws AmbiguousTrialException if only a number was given and several studies have it
     */
    public Trial resolve(PipelineStore store) {
        return store.read(this::resolve);
    }

    /** As {@link #resolve(PipelineStore)}, within a read. */
    public Trial resolve(StoreReader tx) {
        if (study != null) {
            TrialKey key = new TrialKey(study, number);
            return tx.trial(key).orElseThrow(() -> unknown(tx.trials()));
        }
        List<Trial> found = tx.trials().stream()
                .filter(trial -> trial.key().number() == number)
                .toList();
        if (found.isEmpty()) {
            throw unknown(tx.trials());
        }
        if (found.size() > 1) {
            throw new AmbiguousTrialException(
                    number, found.stream().map(Trial::key).toList());
        }
        return found.get(0);
    }

    private UnknownTrialException unknown(List<Trial> all) {
        Set<String> studies = all.stream().map(trial -> trial.key().study()).collect(Collectors.toSet());
        if (study != null && !studies.contains(study)) {
            Optional<String> meant = DidYouMean.of(study, studies);
            if (meant.isPresent()) {
                return new UnknownTrialException(
                        toString(),
                        "Did you mean %s/%d? There is no study '%s'.".formatted(meant.get(), number, study));
            }
        }
        IntSummaryStatistics numbers = all.stream()
                .filter(trial -> study == null || trial.key().study().equals(study))
                .mapToInt(trial -> trial.key().number())
                .summaryStatistics();
        return numbers.getCount() == 0
                ? new UnknownTrialException(toString())
                : new UnknownTrialException(
                        toString(),
                        "Known are numbers from %d to %d; `trials` lists them, and a new one appears after the next discovery."
                                .formatted(numbers.getMin(), numbers.getMax()));
    }

    /** As it was given. */
    @Override
    public String toString() {
        return study == null ? Integer.toString(number) : study + "/" + number;
    }
}
