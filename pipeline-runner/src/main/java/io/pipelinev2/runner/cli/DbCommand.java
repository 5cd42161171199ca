package io.pipelinev2.runner.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "db",
        description = "Looks after the database: `db check`, `db vacuum`. Works with the daemon up or down.",
        subcommands = {DbCheckCommand.class, DbVacuumCommand.class})
final class DbCommand implements Runnable {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "db needs to be told what to do: check or vacuum");
    }
}
