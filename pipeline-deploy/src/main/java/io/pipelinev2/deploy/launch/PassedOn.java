package io.pipelinev2.deploy.launch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What of this process's environment the processes that it starts may see. */
final class PassedOn {

    // A list of what is allowed: credentials in the daemon's environment never reach others.
    private static final List<String> NAMES = List.of("PATH", "HOME", "LANG", "TZ", "JAVA_HOME", "TMPDIR", "USER");

    private PassedOn() {}

    /** A copy that may be added to. */
    static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> chosen = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (NAMES.contains(name) || name.startsWith("LC_")) {
                chosen.put(name, value);
            }
        });
        return chosen;
    }
}
