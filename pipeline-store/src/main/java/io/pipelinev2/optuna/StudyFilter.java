package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import java.util.List;
import java.util.stream.Collectors;

/** The studies that are followed: those whose name one of the configured patterns matches. */
final class StudyFilter {

    private static final int NAMED_AT_MOST = 20;

    private final List<StudyPattern> patterns;
    private final Notices notices;

    StudyFilter(List<String> patterns, Notices notices) {
        this.patterns = patterns.stream().map(StudyPattern::new).toList();
        this.notices = notices;
    }

    List<SourceStudy> of(List<SourceStudy> all) {
        warnOfMissing(all);
        return all.stream().filter(this::followed).toList();
    }

    private boolean followed(SourceStudy study) {
        if (patterns.stream().noneMatch(pattern -> pattern.matches(study.name()))) {
            return false;
        }
        if (study.name().isEmpty()) {
            notices.once("Study %d has an empty name, so its trials cannot be named and it is not followed."
                    .formatted(study.id()));
            return false;
        }
        return true;
    }

    // A name is a mistake until its study exists; a pattern may well be waiting for its first one.
    private void warnOfMissing(List<SourceStudy> all) {
        for (StudyPattern pattern : patterns) {
            if (pattern.exact() && all.stream().noneMatch(study -> pattern.matches(study.name()))) {
                missing(pattern, all);
            }
        }
    }

    private void missing(StudyPattern pattern, List<SourceStudy> all) {
        String existing = all.stream()
                .limit(NAMED_AT_MOST)
                .map(study -> Quoted.of(study.name()))
                .collect(Collectors.joining(", "));
        String more = all.size() > NAMED_AT_MOST ? " and %d more".formatted(all.size() - NAMED_AT_MOST) : "";
        notices.once(
                "missing study " + pattern,
                "optuna.studies names %s, but the storage has no study of that name. It has: %s%s. Correct the name, or"
                                .formatted(Quoted.of(pattern.toString()), existing.isEmpty() ? "none" : existing, more)
                        + " ignore this if the study is still to come.");
    }
}
