package io.pipelinev2.runner.doctor;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a systemd service is set to: from the text of a unit file, or from what {@code systemctl show} says of one. Of a
 * setting that is there several times the last counts, as in systemd.
 */
public final class Unit {

    private static final String SERVICE = "[service]";

    private final Map<String, String> settings;

    private Unit(Map<String, String> settings) {
        this.settings = settings;
    }

    /** The section {@code [Service]} of a unit file. */
    public static Unit ofFile(String text) {
        Map<String, String> settings = new HashMap<>();
        boolean isService = false;
        for (String line : text.replace("\\\n", " ").split("\n")) {
            String stripped = line.strip();
            if (stripped.startsWith("[")) {
                isService = stripped.toLowerCase(Locale.ROOT).equals(SERVICE);
            } else if (isService && !stripped.startsWith("#") && !stripped.startsWith(";")) {
                put(settings, stripped);
            }
        }
        return new Unit(settings);
    }

    /** The answer of {@code systemctl show UNIT}: one {@code NAME=VALUE} a line. */
    public static Unit ofShow(String answer) {
        Map<String, String> settings = new HashMap<>();
        answer.lines().forEach(line -> put(settings, line.strip()));
        return new Unit(settings);
    }

    private static void put(Map<String, String> settings, String line) {
        int equals = line.indexOf('=');
        if (equals > 0) {
            settings.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
    }

    /** A setting's value; empty if it is not set, or set to nothing. */
    Optional<String> value(String name) {
        return Optional.ofNullable(settings.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether a setting has this value, of which case does not matter. */
    boolean is(String name, String value) {
        return value(name).filter(value::equalsIgnoreCase).isPresent();
    }

    /** Whether a switch is on. */
    boolean isOn(String name) {
        return value(name)
                .filter(value -> value.matches("(?i)yes|true|on|1|strict|full|disconnected"))
                .isPresent();
    }
}
