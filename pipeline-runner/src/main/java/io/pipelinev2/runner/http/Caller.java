package io.pipelinev2.runner.http;

import io.pipelinev2.core.monitoring.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param kind how that is known
 * @param session of a browser that has shown the token, else null
 */
record Caller(Kind kind, Sessions.@Nullable Session session) {

    static final Caller ANYBODY = new Caller(Kind.ANYBODY, null);
    static final Caller TOKEN = new Caller(Kind.TOKEN, null);

    /** How it is known who asks. */
    enum Kind {
        /** It is not. */
        ANYBODY,
        /** By the token in the request. */
        TOKEN,
        /** By the cookie of a browser that has shown the token before. */
        SESSION
    }

    static Caller of(Sessions.Session session) {
        return new Caller(Kind.SESSION, session);
    }

    boolean isOwner() {
        return kind != Kind.ANYBODY;
    }

    /** For the record: the token is its owner's, so whoever has it acts as the user that runs this. */
    Operator operator() {
        return new Operator(System.getProperty("user.name", "unknown"), kind == Kind.SESSION ? "dashboard" : "api");
    }
}
