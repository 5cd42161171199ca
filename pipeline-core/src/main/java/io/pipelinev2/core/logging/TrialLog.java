package io.pipelinev2.core.logging;

import io.pipelinev2.core.trial.TrialKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * While it is open, what its thread logs is about one trial: {@code study}, {@code trial}, {@code stage} and, of an
 * attempt, {@code attempt} stand in the diagnostic context. Closing it restores what stood there before.
 */
public final class TrialLog implements AutoCloseable {

    private final @Nullable Map<String, String> before;

    private TrialLog(@Nullable Map<String, String> before) {
        this.before = before;
    }

    /** About one attempt. */
    public static TrialLog of(TrialKey trial, String stage, int attempt) {
        TrialLog log = of(trial, stage);
        MDC.put("attempt", String.valueOf(attempt));
        return log;
    }

    /** About a stage of a trial, but none of its attempts. */
    public static TrialLog of(TrialKey trial, String stage) {
        TrialLog log = new TrialLog(MDC.getCopyOfContextMap());
        MDC.put("study", trial.study());
        MDC.put("trial", String.valueOf(trial.number()));
        MDC.put("stage", stage);
        MDC.remove("attempt");
        return log;
    }

    @Override
    public void close() {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }
}
