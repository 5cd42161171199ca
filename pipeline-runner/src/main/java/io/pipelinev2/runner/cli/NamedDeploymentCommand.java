package io.pipelinev2.runner.cli;

import java.util.List;
import picocli.CommandLine.Parameters;

/** A command on deployments that must be named. */
abstract class NamedDeploymentCommand extends DeploymentCommand {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "[STUDY/]N", description = "The trials.")
    List<String> trials;

    @Override
    List<String> trials() {
        return trials;
    }
}
