package io.pipelinev2.runner.extension;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source whose faults are those of a source, whatever they are, and whose code runs with its own class loader. */
record PluginTrialSource(TrialSource source, String from, ClassLoader loader) implements TrialSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginTrialSource.class);

    @Override
    public String storage() {
        return guarded(source::storage);
    }

    @Override
    public List<SourceStudy> studies() {
        return guarded(source::studies);
    }

    @Override
    public List<TrialHeader> completeTrials(SourceStudy study) {
        return guarded(() -> source.completeTrials(study));
    }

    @Override
    public Optional<TrialCounts> counts(SourceStudy study) {
        return guarded(() -> source.counts(study));
    }

    @Override
    public TrialDetails details(SourceTrial trial) {
        return guarded(() -> source.details(trial));
    }

    /** Closes the source, if it can be closed. */
    @Override
    public void close() {
        if (source instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                Guard.rethrowIfFatal(e);
                LOG.warn(RunnerLogCode.PLUGIN_NOT_CLOSED, "The trial source of {} was closed with an error", from, e);
            }
        }
    }

    private <R> R guarded(Supplier<R> call) {
        R result;
        try {
            result = Provider.within(loader, call);
        } catch (TrialSourceException e) {
            throw e;
        } catch (Throwable e) {
            Guard.rethrowIfFatal(e);
            throw new TrialSourceException("The trial source of %s failed: %s".formatted(from, Guard.cause(e)), e);
        }
        if (result == null) {
            throw new TrialSourceException(
                    "The trial source of %s returned null, which no source may.".formatted(from));
        }
        return result;
    }
}
