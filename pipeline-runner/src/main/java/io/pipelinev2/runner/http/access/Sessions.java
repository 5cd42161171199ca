package io.pipelinev2.runner.http.access;

import io.pipelinev2.core.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Browsers that have shown a token. Kept in memory: after a restart it is asked for again. */
public final class Sessions {

    public static final Duration LIFETIME = Duration.ofHours(12);

    private static final int MOST = 64;
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /**
     * A browser that has shown a token.
     *
     * @param id what its cookie says
     * @param csrf what its forms must say, too: pages of other sites do not know it
     * @param pass what it has shown
     */
    public record Session(String id, String csrf, AccessTokens.Pass pass, long begunNanos) {}

    public Sessions(Clock clock) {
        this.clock = clock;
    }

    /** A new one; the oldest ends if there are very many. */
    public synchronized Session begin(AccessTokens.Pass pass) {
        Session session = new Session(secret(), secret(), pass, clock.nanoTime());
        sessions.put(session.id(), session);
        if (sessions.size() > MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        return session;
    }

    synchronized Optional<Session> find(String id) {
        Session session = sessions.get(id);
        if (session == null) {
            return Optional.empty();
        }
        if (clock.nanoTime() - session.begunNanos() > LIFETIME.toNanos()) {
            sessions.remove(id);
            return Optional.empty();
        }
        return Optional.of(session);
    }

    public synchronized void end(String id) {
        sessions.remove(id);
    }

    private String secret() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
