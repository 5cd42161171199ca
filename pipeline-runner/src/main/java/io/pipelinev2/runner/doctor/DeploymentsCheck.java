package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import java.util.List;

/** Whether traders that are meant to run were given up. */
public final class DeploymentsCheck implements Check {

    private final List<Deployment> deployments;

    public DeploymentsCheck(List<Deployment> deployments) {
        this.deployments = List.copyOf(deployments);
    }

    @Override
    public String name() {
        return "deployments";
    }

    @Override
    public List<Finding> look() {
        List<Deployment> wanted = deployments.stream()
                .filter(deployment -> deployment.desired() == DesiredState.RUNNING)
                .toList();
        List<Finding> findings = wanted.stream()
                .filter(deployment -> deployment.health().givenUp())
                .map(deployment -> Finding.warn(
                        "%s is down (%s): %s"
                                .formatted(deployment.key(), deployment.health().label(), deployment.reason()),
                        "logs %s says more; then restart %s".formatted(deployment.key(), deployment.key())))
                .toList();
        return findings.isEmpty()
                ? List.of(Finding.ok("none of the " + wanted.size() + " deployed traders was given up"))
                : findings;
    }
}
