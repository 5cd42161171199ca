package io.pipelinev2.runner.doctor;

import java.util.List;

/**
 * A home of which a part cannot be used.
 *
 * @param reason which and why, in words
 */
public record UnreadableHome(String reason) implements Check {

    @Override
    public String name() {
        return "home";
    }

    @Override
    public List<Finding> look() {
        return List.of(Finding.fail(reason, "mend that and look again"));
    }
}
