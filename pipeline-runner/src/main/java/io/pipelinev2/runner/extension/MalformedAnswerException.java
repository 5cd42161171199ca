package io.pipelinev2.runner.extension;

/** What a command wrote is no answer. The message says what was found and what it must be. */
final class MalformedAnswerException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedAnswerException(String message) {
        super(message);
    }
}
