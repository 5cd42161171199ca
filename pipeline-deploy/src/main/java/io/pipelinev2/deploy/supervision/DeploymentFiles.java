package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.deploy.launch.Belonging;
import io.pipelinev2.deploy.launch.DeploymentLock;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a deployment's files lie. No name of a study is part of any path.
 *
 * @param home the pipeline's home
 * @param logs the logs directory
 */
public record DeploymentFiles(Path home, Path logs) {

    /** The name of the directory, in a deployment's own, that holds its secrets while it runs. */
    public static final String CREDENTIALS = "credentials";

    private static final Pattern OF_A_START = Pattern.compile("\\.(\\d+)\\.log$");
    private static final Pattern LOG = Pattern.compile("\\d+-\\d+-\\d+(\\.\\d+)?\\.log(\\.1)?");

    public DeploymentFiles {
        home = home.toAbsolutePath().normalize();
        logs = home.resolve(logs).normalize();
    }

    /** The deployment's own directory, {@code state/deployments/<id>}. */
    public Path stateDirectory(long deploymentId) {
        return stateDirectories().resolve(Long.toString(deploymentId));
    }

    public DeploymentLock lock(long deploymentId) {
        return new DeploymentLock(stateDirectory(deploymentId).resolve("lock"));
    }

    /** How this deployment's processes are told from all others. */
    public Belonging belonging(long deploymentId) {
        return new Belonging(stateDirectory(deploymentId), lock(deploymentId));
    }

    /** Where all deployments' own directories lie. */
    public Path stateDirectories() {
        return home.resolve("state").resolve("deployments");
    }

    /** While this exists, no trader of the home gives new orders. */
    Path killSwitch() {
        return home.resolve("state").resolve("KILL");
    }

    /** Where a deployment's process finds its secrets while it runs. */
    Path credentials(long deploymentId) {
        return stateDirectory(deploymentId).resolve(CREDENTIALS);
    }

    /** Where the logs of deployments lie. */
    Path logDirectory() {
        return logs.resolve("deployments");
    }

    /**
     * The log of one start.
     *
     * @param start which start of the deployment, from 1
     */
    Path newLog(Deployment deployment, long studyId, int start) {
        return logDirectory()
                .resolve("%d-%d-%d.%d.log".formatted(studyId, deployment.key().number(), deployment.id(), start));
    }

    /** Whether this is the log of a start, or a piece of it that was set aside. */
    static boolean isLog(Path file) {
        return LOG.matcher(file.getFileName().toString()).matches();
    }

    /**
     * The log of another start of a deployment.
     *
     * @param stored the log of its latest start, as it is stored
     * @param start which start, from 1, in the order of its process runs
     */
    public Path log(String stored, int start) {
        return log(OF_A_START.matcher(stored).replaceFirst("." + start + ".log"));
    }

    /**
     * Which start of its deployment a log is of, from 1. One from before each start had its own is of the first.
     *
     * @param stored a log as it is stored
     */
    public int start(String stored) {
        Matcher matcher = OF_A_START.matcher(stored);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }

    /** How a log is stored: relative to the home. */
    String stored(Path log) {
        return home.relativize(log).toString();
    }

    /** A stored log. */
    public Path log(String stored) {
        return home.resolve(stored).normalize();
    }
}
