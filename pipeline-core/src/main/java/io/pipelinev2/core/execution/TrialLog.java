package io.pipelinev2.core.execution;

import io.pipelinev2.core.trial.TrialKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * While it is open, what its thread logs is about one attempt: {@code study}, {@code trial}, {@code stage} and
 * {@code attempt} stand in the diagnostic context. Closing it restores what an embedding application had there.
 */
final class TrialLog implements AutoCloseable {

    private final @Nullable Map<String, String> before;

    private TrialLog(@Nullable Map<String, String> before) {
        this.before = before;
    }

    static TrialLog of(TrialKey trial, String stage, int attempt) {
        TrialLog log = new TrialLog(MDC.getCopyOfContextMap());
        MDC.put("study", trial.study());
        MDC.put("trial", String.valueOf(trial.number()));
        MDC.put("stage", stage);
        MDC.put("attempt", String.valueOf(attempt));
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
