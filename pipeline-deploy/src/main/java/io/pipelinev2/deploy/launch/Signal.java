package io.pipelinev2.deploy.launch;

/** What may be sent to a deployment's processes. */
public enum Signal {
    /** Asks to end. */
    TERM,
    /** Asks a Java process to write what its threads are doing to its output. */
    QUIT,
    /** Ends at once. */
    KILL
}
