package io.pipelinev2.deploy.papertrading.json;

/** Something was read and does not say what it should. The same input gives the same answer. */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message names what was read and what is wrong with it */
    public MalformedException(String message) {
        super(message);
    }
}
