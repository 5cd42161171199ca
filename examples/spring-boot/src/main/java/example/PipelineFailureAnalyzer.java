package example;

import io.pipelinev2.core.PipelineException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A start that fails says what the pipeline says, in place of a stack trace. */
class PipelineFailureAnalyzer extends AbstractFailureAnalyzer<PipelineException> {

    @Override
    protected FailureAnalysis analyze(Throwable start, PipelineException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
