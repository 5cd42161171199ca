package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.http.access.TokenFile;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Prints an access token, and nothing else: what the page /login asks for. It is a secret.")
final class TokenShowCommand extends HomeCommand {

    @Mixin
    WhichToken which = new WhichToken();

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        TokenFile file = which.in(config());
        String token = file.read();
        if (json) {
            print(Map.of("file", file.path().toString(), "token", token));
        } else {
            say(token);
        }
        return ExitCode.OK;
    }
}
