package io.pipelinev2.deploy.launch;

/** What may be sent to a deployment's processes. */
public enum Signal {
    /** Asks to end. */
    TERM,
    /** Ends at once. */
    KILL
}
