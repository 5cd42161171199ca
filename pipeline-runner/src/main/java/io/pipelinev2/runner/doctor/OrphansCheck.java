package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether processes of this home run that no deployment knows. */
public final class OrphansCheck implements Check {

    private static final String NONCE = "PIPELINE_NONCE=";

    private final Machine machine;
    private final Path state;
    private final Set<String> known;

    /**
     * @param state the home's state directory: what was started for it works below
     * @param deployments all deployments of the home
     */
    public OrphansCheck(Machine machine, Path state, List<Deployment> deployments) {
        this.machine = machine;
        this.state = state;
        this.known = deployments.stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .map(Deployment::nonce)
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Long> orphans = new ArrayList<>();
        try (Stream<Path> processes = Files.list(machine.proc())) {
            processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .map(process -> Long.parseLong(process.getFileName().toString()))
                    .filter(this::isOrphan)
                    .forEach(orphans::add);
        }
        if (orphans.isEmpty()) {
            return List.of(Finding.ok("no process of this home runs that no deployment knows"));
        }
        return List.of(Finding.warn(
                "processes of this home run that no deployment knows: " + orphans,
                "look at them (ps -fp " + orphans.get(0) + "); if they are not yours, end them: kill "
                        + orphans.stream().map(String::valueOf).collect(Collectors.joining(" "))));
    }

    private boolean isOrphan(long pid) {
        Optional<String> nonce = machine.ofProcess(pid, "environ").stream()
                .flatMap(environment -> Stream.of(environment.split("\0")))
                .filter(variable -> variable.startsWith(NONCE))
                .map(variable -> variable.substring(NONCE.length()))
                .findFirst();
        return nonce.isPresent() && !known.contains(nonce.get()) && worksHere(pid);
    }

    private boolean worksHere(long pid) {
        try {
            return Files.readSymbolicLink(machine.proc().resolve(pid + "/cwd"))
                    .startsWith(state.resolve("deployments").toRealPath());
        } catch (IOException gone) {
            return false;
        }
    }
}
