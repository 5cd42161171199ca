package io.pipelinev2.runner.http.access;

import io.pipelinev2.core.monitoring.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param right what they have shown a token for
 * @param session of a browser that has shown it before, or null if it is in the request, or there is none
 */
public record Caller(Right right, Sessions.@Nullable Session session) {

    public static final Caller ANYBODY = new Caller(Right.NONE, null);

    /** Somebody whose request brings a token that is good for this. */
    static Caller withToken(Right right) {
        return new Caller(right, null);
    }

    static Caller of(Sessions.Session session) {
        return new Caller(session.pass().right(), session);
    }

    /** Whether they have shown the owner's token. */
    public boolean isOwner() {
        return right == Right.CHANGE;
    }

    /** Whether they have shown one of the tokens. */
    public boolean isKnown() {
        return right != Right.NONE;
    }

    /** The session in which the owner may change something, or null. */
    public Sessions.@Nullable Session ownersSession() {
        return isOwner() ? session : null;
    }

    /** For the record: the token is its owner's, so whoever has it acts as the user that runs this. */
    public Operator operator() {
        return new Operator(System.getProperty("user.name", "unknown"), session != null ? "dashboard" : "api");
    }
}
