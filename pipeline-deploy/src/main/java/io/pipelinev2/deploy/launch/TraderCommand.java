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
}
