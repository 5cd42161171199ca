package io.pipelinev2.runner.doctor;

/** How bad a finding is. */
public enum Level {
    /** As it should be. */
    OK,
    /** Works, but will hurt some day. */
    WARN,
    /** Does not work. */
    FAIL
}
