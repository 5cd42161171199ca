package io.pipelinev2.runner.cli;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.http.access.TokenFile;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rotate",
        description =
                "Puts a new access token in the place of the old one, or makes it. A running daemon takes the new one"
                        + " at once and no longer the old one, and browsers that had shown that are signed out.")
final class TokenRotateCommand extends HomeCommand {

    @Mixin
    WhichToken which = new WhichToken();

    @Override
    public Integer call() {
        PipelineConfig config = config();
        TokenFile file = which.in(config);
        log(config);
        file.rotate();
        LoggerFactory.getLogger(TokenRotateCommand.class)
                .info("{} took a new {}.", operator().name(), which.words());
        say("There is a new %s in %s. The old one is good for nothing now.".formatted(which.words(), file.path()));
        audit(config);
        return ExitCode.OK;
    }

    /** After the fact: a token that leaked is taken back whether the database can be written to or not. */
    private void audit(PipelineConfig config) {
        try (PipelineHome home = PipelineHome.open(config)) {
            PipelineStore store = home.store();
            Event event = Event.byOperator(
                    store.now(),
                    EventType.OPERATOR_ROTATE_TOKEN,
                    null,
                    null,
                    operator(),
                    "took a new %s; the old one is good for nothing since".formatted(which.words()));
            store.write(tx -> {
                tx.append(event);
                return event;
            });
        } catch (PipelineException e) {
            err().println(InertText.of("The log has this, the audit has not: " + e.getMessage()));
            err().flush();
        }
    }
}
