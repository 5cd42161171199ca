package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Members;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Files that a deployment's process gets copies of, by the names that it finds them under. */
final class Secrets {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,100}");
    private static final String NAMED =
            "named with letters, digits, '_', '-' and '.' alone, because a file is named so";

    private Secrets() {}

    static void require(Map<String, String> secrets) {
        secrets.keySet()
                .forEach(name -> new Rule<String>(key -> NAME.matcher(key).matches(), NAMED).require("secrets", name));
    }

    static Map<String, String> read(Options options, String key) {
        options.otherwise(key, Map.of());
        Options section = options.section(key);
        Map<String, String> secrets = new TreeMap<>();
        if (options.raw(key).orElse(null) instanceof Members members) {
            for (String name : members.values().keySet()) {
                String file = section.text(name, "", Rule.PATH);
                if (!NAME.matcher(name).matches()) {
                    section.refuse(name, NAMED);
                } else if (!file.isEmpty()) {
                    secrets.put(name, file);
                }
            }
        }
        return secrets;
    }
}
