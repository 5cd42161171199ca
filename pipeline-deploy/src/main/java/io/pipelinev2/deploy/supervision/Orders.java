package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.DeployLogCode;
import io.pipelinev2.deploy.papertrading.Control;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each trader, by the control file in its state directory, which orders an operator lets it give. */
final class Orders {

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final DeploymentFiles files;
    private final Map<Long, Control> told = new HashMap<>();

    Orders(DeploymentFiles files) {
        this.files = files;
    }

    /**
     * Writes down what is wanted, unless it stands there.
     *
     * @throws PipelineException if it cannot be written
     */
    void tell(Deployment deployment) {
        Control wanted = new Control(
                deployment.orders(),
                deployment.flattens(),
                deployment.resumes(),
                deployment.orders() == TradingState.ACTIVE ? "" : "an operator wants it so");
        Path directory = files.stateDirectory(deployment.id());
        if (wanted.equals(told.get(deployment.id())) && !isMissing(wanted, directory)) {
            return;
        }
        if (!stands(wanted, directory)) {
            wanted.writeTo(directory);
        }
        told.put(deployment.id(), wanted);
    }

    private static boolean isMissing(Control wanted, Path directory) {
        return !wanted.equals(Control.NONE) && !Files.exists(directory.resolve(Control.NAME));
    }

    private static boolean stands(Control wanted, Path directory) {
        try {
            return Control.read(directory).equals(wanted);
        } catch (PipelineException unreadable) {
            LOG.warn(DeployLogCode.CONTROL_REWRITTEN, "{} It is written anew.", unreadable.getMessage());
            return false;
        }
    }
}
