package io.pipelinev2.runner.cli;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on deployments that must be named. */
abstract class NamedDeploymentCommand extends DeploymentCommand {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "[STUDY/]N", description = "The trials.")
    List<String> trials;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    boolean dryRun;

    @Override
    boolean isRehearsal() {
        return dryRun;
    }

    @Override
    List<String> trials() {
        return trials;
    }
}
