package io.pipelinev2.runner.doctor;

import java.util.List;
import java.util.Optional;

/** Whether somebody looks after the traders. */
public final class SupervisorCheck implements Check {

    private final Optional<String> supervisor;
    private final long wanted;

    /**
     * @param supervisor what supervises the home, in words
     * @param wanted how many traders are meant to run
     */
    public SupervisorCheck(Optional<String> supervisor, long wanted) {
        this.supervisor = supervisor;
        this.wanted = wanted;
    }

    @Override
    public String name() {
        return "supervisor";
    }

    @Override
    public List<Finding> look() {
        if (supervisor.isPresent()) {
            return List.of(Finding.ok("supervised by " + supervisor.get()));
        }
        return List.of(
                wanted == 0
                        ? Finding.ok("nothing supervises this home, and no trader is meant to run")
                        : Finding.warn(
                                "nothing supervises this home: of the " + wanted
                                        + " traders that are meant to run, none is started again if it ends",
                                "start the daemon: run, or the service that runs it"));
    }
}
