package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.deploy.launch.Launcher;
import io.pipelinev2.deploy.launch.ProcessGroup;
import io.pipelinev2.deploy.launch.ProcessTable;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the parts of a supervisor share. */
record Facilities(
        Register register,
        Clock clock,
        SupervisionSettings settings,
        Launcher launcher,
        ProcessTable table,
        DeploymentFiles files,
        LogCap logs) {

    Instant now() {
        return clock.now();
    }

    /** All that was ever started for a deployment by a known start and runs. */
    ProcessGroup group(Deployment deployment) {
        return new ProcessGroup(table, deployment.process(), nonces(deployment), files.belonging(deployment.id()));
    }

    /** All of a deployment that runs, that of starts that the store does not know included. */
    ProcessGroup everything(Deployment deployment) {
        return ProcessGroup.everything(table, deployment.process(), files.belonging(deployment.id()));
    }

    /** Whether this process, which runs, is one of this home, and not of a copy that knows the same names. */
    boolean isOurs(Deployment deployment, ProcessIdentity process) {
        return table.belongs(process.pid(), files.belonging(deployment.id()));
    }

    /** Whichever start of a deployment still runs, be it one that the store has given up. */
    Optional<ProcessIdentity> findAnyStart(Deployment deployment) {
        List<ProcessRun> runs = register.runs(deployment.id());
        for (ProcessRun run : runs) {
            if (table.isAlive(run.process()) && isOurs(deployment, run.process())) {
                return Optional.of(run.process());
            }
        }
        String nonce = deployment.nonce();
        boolean wasRecorded =
                runs.stream().anyMatch(run -> run.process().nonce().equals(nonce));
        // Of a recorded start only the recorded process is looked for: what else carries its nonce is what it started.
        return nonce == null || wasRecorded
                ? Optional.empty()
                : table.findLeader(nonce, files.belonging(deployment.id()));
    }

    private Set<String> nonces(Deployment deployment) {
        Set<String> nonces = new HashSet<>();
        register.runs(deployment.id()).forEach(run -> nonces.add(run.process().nonce()));
        if (deployment.nonce() != null) {
            nonces.add(deployment.nonce());
        }
        return nonces;
    }
}
