package io.pipelinev2.runner.config;

import io.pipelinev2.core.PipelineException;
import java.util.List;

/** The configuration cannot be used. Tells all that is wrong with it, not just what was met first. */
public final class ConfigException extends PipelineException {

    private final List<String> faults;

    /** @param faults one line for each, at least one, harmless to show */
    public ConfigException(List<String> faults) {
        super(message(faults));
        this.faults = List.copyOf(faults);
    }

    private static String message(List<String> faults) {
        String head = faults.size() == 1
                ? "The configuration has a fault:"
                : "The configuration has " + faults.size() + " faults:";
        return head + "\n  " + String.join("\n  ", faults);
    }

    /** One line for each fault: the file and line, the key, its value, the rule. Never empty. */
    public List<String> faults() {
        return faults;
    }
}
