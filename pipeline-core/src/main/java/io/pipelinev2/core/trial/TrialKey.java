package io.pipelinev2.core.trial;

import java.util.Comparator;

/**
 * How people name a trial: its study and its number within that study. A number alone names nothing, because every
 * study counts from zero.
 *
 * @param study the study's name, never empty
 * @param number the trial's number, 0 for the first of its study
 */
public record TrialKey(String study, int number) implements Comparable<TrialKey> {

    private static final Comparator<TrialKey> ORDER =
            Comparator.comparing(TrialKey::study).thenComparingInt(TrialKey::number);

    /**
     * Checks it.
     *
     * @param study not empty
     * @param number 0 or more
     * @throws IllegalArgumentException if the study has no name or the number is negative
     */
    public TrialKey {
        if (study.isEmpty()) {
            throw new IllegalArgumentException("a trial key needs the name of its study, which was empty");
        }
        if (number < 0) {
            throw new IllegalArgumentException("a trial number is 0 or more, was " + number);
        }
    }

    @Override
    public int compareTo(TrialKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code study/number}, as the command line takes it. */
    @Override
    public String toString() {
        return study + "/" + number;
    }
}
