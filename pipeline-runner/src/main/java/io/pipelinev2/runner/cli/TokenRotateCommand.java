package io.pipelinev2.runner.cli;

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
        return ExitCode.OK;
    }
}
