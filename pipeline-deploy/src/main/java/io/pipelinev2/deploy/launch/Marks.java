package io.pipelinev2.deploy.launch;

import org.jspecify.annotations.Nullable;

/**
 * What a start wrote into the environment of its process, and so of everything that this one starts.
 *
 * @param nonce the nonce of the start, or null
 * @param stateDirectory the state directory of its deployment, or null
 */
record Marks(@Nullable String nonce, @Nullable String stateDirectory) {

    /** The random text that a start is found by. */
    static final String NONCE = "PIPELINE_NONCE";

    /** The absolute state directory of the deployment, which also says of which home it is. */
    static final String STATE_DIRECTORY = "PIPELINE_STATE_DIR";

    boolean isIn(String directory) {
        return directory.equals(stateDirectory);
    }

    /** The marks in an environment as {@code /proc/PID/environ} shows it. */
    static Marks in(String environment) {
        return new Marks(value(environment, NONCE), value(environment, STATE_DIRECTORY));
    }

    private static @Nullable String value(String environment, String name) {
        String key = name + "=";
        int at = environment.startsWith(key) ? 0 : environment.indexOf("\0" + key) + 1;
        if (at == 0 && !environment.startsWith(key)) {
            return null;
        }
        int end = environment.indexOf('\0', at);
        return environment.substring(at + key.length(), end < 0 ? environment.length() : end);
    }
}
