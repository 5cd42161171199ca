package io.pipelinev2.deploy.launch;

import java.nio.file.Path;
import java.util.List;

/** How the bundled paper trader is started. */
@FunctionalInterface
public interface TraderCommand {

    /**
     * The program and its arguments for a trader with this state directory.
     *
     * @throws LaunchException if what it needs cannot be put in place
     */
    List<String> argv(Path stateDirectory);

    /**
     * Puts in place now what later starts need, so that what is changed on disk afterwards does not reach them.
     *
     * @throws LaunchException if it cannot be put in place
     */
    default void prepare() {}
}
