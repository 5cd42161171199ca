package io.pipelinev2.runner.cli;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.alerts.AlertCommands;
import io.pipelinev2.runner.backup.BackupException;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.demo.DemoHomeException;
import io.pipelinev2.runner.http.AddressUnavailableException;
import io.pipelinev2.runner.http.access.TokenUnavailableException;
import io.pipelinev2.runner.init.HomeUnwritableException;
import io.pipelinev2.runner.logging.LogsUnavailableException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import io.pipelinev2.runner.view.AmbiguousTrialException;
import io.pipelinev2.runner.view.MalformedTrialSelectorException;
import io.pipelinev2.runner.view.UnknownTrialException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a message and an exit code. A stack trace is for internal errors alone. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        int code = exitCode(failure);
        String message = failure.getMessage();
        if (code == ExitCode.INTERRUPTED) {
            message = "interrupted";
        } else if (code == ExitCode.FAILED && !(failure instanceof PipelineException)) {
            log().error(RunnerLogCode.INTERNAL_ERROR, "Internal error in {}.", commandLine.getCommandName(), failure);
            message = "internal error: " + failure + ". The log has its stack trace; please report it.";
        }
        // words of others may be in it; a configuration's faults are harmless already, each on a line of its own
        commandLine
                .getErr()
                .println(failure instanceof ConfigException ? message : InertText.of(String.valueOf(message)));
        commandLine.getErr().flush();
        return code;
    }

    /** Not before it is needed: what logs takes longer to load than help to be shown. */
    private static Logger log() {
        return LoggerFactory.getLogger(Failures.class);
    }

    private static int exitCode(Exception failure) {
        if (failure instanceof ConfigException) {
            return ExitCode.BAD_CONFIGURATION;
        }
        if (failure instanceof HomeLock.HomeHeldException) {
            return ExitCode.HELD;
        }
        if (failure instanceof TrialNotFoundException
                || failure instanceof UnknownTrialException
                || failure instanceof UnknownComponentException
                || failure instanceof AlertCommands.AlertNotFoundException) {
            return ExitCode.NOT_FOUND;
        }
        if (failure instanceof AmbiguousTrialException || failure instanceof MalformedTrialSelectorException) {
            return ExitCode.USAGE;
        }
        if (failure instanceof RefusedException) {
            return ExitCode.REFUSED;
        }
        if (failure instanceof TrialSourceException
                || failure instanceof StoreException
                || failure instanceof LogsUnavailableException
                || failure instanceof AddressUnavailableException
                || failure instanceof TokenUnavailableException
                || failure instanceof HomeLock.HomeUnavailableException
                || failure instanceof BacktestCommand.UnwritableException
                || failure instanceof DemoHomeException
                || failure instanceof HomeUnwritableException
                || failure instanceof BackupException) {
            return ExitCode.UNREACHABLE;
        }
        return failure instanceof InterruptedException ? ExitCode.INTERRUPTED : ExitCode.FAILED;
    }
}
