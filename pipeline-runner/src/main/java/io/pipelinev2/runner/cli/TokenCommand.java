package io.pipelinev2.runner.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        description = "The access tokens of the dashboard and the HTTP API: `token show`, `token rotate`.",
        subcommands = {TokenShowCommand.class, TokenRotateCommand.class})
final class TokenCommand implements Runnable {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "token needs to be told what to do: show or rotate");
    }
}
