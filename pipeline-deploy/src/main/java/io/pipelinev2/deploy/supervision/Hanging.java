package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.launch.ProcessGroup;
import io.pipelinev2.deploy.launch.ProcessTable.Life;
import io.pipelinev2.deploy.launch.Signal;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose trading loop hangs: it is asked to write down what its threads are doing, and then killed with all
 * that it started. That it is gone is found, counted and followed by another start as with any crash.
 */
final class Hanging {

    private static final Logger LOG = LoggerFactory.getLogger(Hanging.class);

    /** How long the dump may take. */
    private static final Duration DUMP = Duration.ofSeconds(5);

    private final Facilities facilities;
    private final Memory memory;

    Hanging(Facilities facilities, Memory memory) {
        this.facilities = facilities;
        this.memory = memory;
    }

    /** It was found hanging, at this look or an earlier one. */
    void step(Deployment deployment, Life life, String reason) {
        ProcessGroup group = facilities.group(deployment);
        String start = String.valueOf(deployment.nonce());
        if (deployment.health() != DeploymentHealth.HUNG) {
            LOG.error(
                    DeployLogCode.HUNG,
                    "Deployment {} of trial {} is hung: {}",
                    deployment.id(),
                    deployment.key(),
                    reason);
            facilities.register().write(tx -> {
                tx.append(Event.byDeployer(
                        facilities.now(),
                        EventType.DEPLOYMENT_HUNG,
                        deployment.trialId(),
                        reason + "; what its threads were doing is in " + deployment.logFile()
                                + "; it is killed and started again"));
                return tx.update(
                        deployment,
                        deployment
                                .change()
                                .health(DeploymentHealth.HUNG, reason)
                                .done());
            });
            if (facilities.settings().reportsHealth() && life == Life.RUNNING) {
                memory.askedForDump(start, facilities.clock().nanoTime());
                group.sendToLeader(Signal.QUIT);
                return;
            }
        }
        // One that a signal has stopped could not answer, and of a supervisor before this one nobody knows what it
        // asked.
        OptionalLong asked = memory.askedForDumpAt(start);
        if (asked.isEmpty() || facilities.clock().nanoTime() - asked.getAsLong() >= DUMP.toNanos()) {
            group.send(Signal.KILL);
        }
    }
}
