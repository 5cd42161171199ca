package io.pipelinev2.runner.doctor;

import java.util.List;

/** A home that could not be opened, for a reason that stands in its message. */
record UnreadableHome(String reason) implements Check {

    @Override
    public String name() {
        return "home";
    }

    @Override
    public List<Finding> look() {
        return List.of(Finding.fail(reason, "mend that and look again"));
    }
}
