package io.pipelinev2.runner.backup;

import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.runner.StateBinding;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a backup consists of, as paths relative to its directory with {@code /} between names. They are those of a home
 * with nothing but defaults. The same rules say what is copied and what is put back, so that no manifest can bring in
 * anything else: not a lock, not a program under {@code state/runtime}, not a file outside.
 */
final class BackupLayout {

    /** Written last: without it, the backup is an unfinished one. */
    static final String MANIFEST = "backup.json";

    static final String CONFIGURATION = "pipeline.json";
    static final String DATABASE = "pipeline_v2.db";
    static final String BINDING = "state/" + StateBinding.FILE;
    static final String DEPLOYMENTS = "state/deployments";
    static final String MODELS = "state/models";

    /** Copies of secrets for a process that runs; the next start makes them anew. */
    private static final String CREDENTIALS = DeploymentFiles.CREDENTIALS;

    private static final Pattern DEPLOYMENT = Pattern.compile("[1-9][0-9]{0,18}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private BackupLayout() {}

    /** Whether a backup may hold this file. */
    static boolean admits(String path) {
        List<String> names = Arrays.asList(path.split("/", -1));
        if (names.stream().anyMatch(BackupLayout::isNoName)) {
            return false;
        }
        return switch (path) {
            case CONFIGURATION, DATABASE, BINDING -> true;
            default -> isInDeployment(path, names) || isModel(path, names);
        };
    }

    private static boolean isNoName(String name) {
        return name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0;
    }

    private static boolean isInDeployment(String path, List<String> names) {
        return path.startsWith(DEPLOYMENTS + "/")
                && names.size() >= 4
                && DEPLOYMENT.matcher(names.get(2)).matches()
                && !names.get(3).equals(CREDENTIALS)
                && isKept(names.get(names.size() - 1));
    }

    private static boolean isModel(String path, List<String> names) {
        return path.startsWith(MODELS + "/")
                && names.size() == 4
                && SHA256.matcher(names.get(2)).matches()
                && isKept(names.get(3));
    }

    /** Locks belong to living processes, drafts to a write that is under way. */
    private static boolean isKept(String name) {
        return !name.equals("lock") && !name.endsWith(".lock") && !name.endsWith(".tmp");
    }

    /** The SHA-256 that a file must have by its path, if it is a model's copy; else empty. */
    static String sha256Of(String path) {
        return path.startsWith(MODELS + "/") ? path.split("/")[2] : "";
    }
}
