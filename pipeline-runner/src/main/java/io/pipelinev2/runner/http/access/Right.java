package io.pipelinev2.runner.http.access;

/** What somebody may do, beyond what everybody may. */
enum Right {
    /** Nothing. */
    NONE,
    /** Read. */
    READ,
    /** Read, and change what can be changed. */
    CHANGE
}
