package io.pipelinev2.deploy.papertrading.feed;

import java.time.Duration;
import java.util.Optional;

/** An endpoint gave no bars. Trying again later may help. */
final class EndpointException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;
    private final transient Optional<Duration> retryAfter;

    private EndpointException(String message, boolean lasting, Optional<Duration> retryAfter) {
        super(message);
        this.lasting = lasting;
        this.retryAfter = retryAfter;
    }

    /** What passes by itself as a rule: an outage, a connection that breaks. */
    static EndpointException passing(String message) {
        return new EndpointException(message, false, Optional.empty());
    }

    /** What somebody should look at: a key that is refused, an answer that is none. */
    static EndpointException lasting(String message) {
        return new EndpointException(message, true, Optional.empty());
    }

    /** The endpoint wants to be left alone. */
    static EndpointException limited(String message, Optional<Duration> retryAfter) {
        return new EndpointException(message, false, retryAfter);
    }

    String words() {
        return String.valueOf(getMessage());
    }

    /** Whether it is worth telling before a bar is late. */
    boolean isLasting() {
        return lasting;
    }

    /** How long the endpoint said that it wants to be left alone. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
