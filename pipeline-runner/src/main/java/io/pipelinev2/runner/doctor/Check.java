package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.util.List;

/** One question about a home or its machine. */
public interface Check {

    /** What is looked at: a word, or two with a hyphen. Scripts go by it, so it does not change. */
    String name();

    /**
     * Looks, and changes nothing.
     *
     * @return what was found; empty if the question does not arise here
     * @throws IOException if it cannot be looked at, which is a finding, too
     */
    List<Finding> look() throws IOException;
}
