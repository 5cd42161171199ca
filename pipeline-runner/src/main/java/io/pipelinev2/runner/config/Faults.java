package io.pipelinev2.runner.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. */
final class Faults {

    /** For what is wrong with the file as a whole, or missing from it. */
    static final int NO_LINE = 0;

    private record Fault(int line, String text) {}

    private final String file;
    private final List<Fault> faults = new ArrayList<>();

    Faults(String file) {
        this.file = InertText.of(file);
    }

    void add(int line, String text) {
        faults.add(new Fault(line, text));
    }

    void throwIfAny() {
        if (!faults.isEmpty()) {
            throw new ConfigException(lines());
        }
    }

    private List<String> lines() {
        return faults.stream()
                .sorted(Comparator.comparingInt(fault -> fault.line() == NO_LINE ? Integer.MAX_VALUE : fault.line()))
                .map(fault -> fault.line() == NO_LINE
                        ? "%s: %s".formatted(file, fault.text())
                        : "%s:%d: %s".formatted(file, fault.line(), fault.text()))
                .toList();
    }
}
