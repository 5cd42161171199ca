package io.pipelinev2.deploy.supervision;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a supervisor remembers of the starts it has dealt with, by nonce. It only saves repetition and makes words better:
 * a supervisor that has lost it acts correctly all the same.
 */
final class Memory {

    private final Map<String, Long> logStarts = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> killed = new HashSet<>();

    /** It was launched when its log was this long. */
    void launched(String nonce, long logLength) {
        known.add(nonce);
        logStarts.put(nonce, logLength);
    }

    void adopted(String nonce) {
        known.add(nonce);
    }

    boolean knows(String nonce) {
        return known.contains(nonce);
    }

    long logStart(String nonce) {
        return logStarts.getOrDefault(nonce, 0L);
    }

    void asked(String nonce) {
        asked.add(nonce);
    }

    boolean wasAsked(String nonce) {
        return asked.contains(nonce);
    }

    void killed(String nonce) {
        killed.add(nonce);
    }

    boolean wasKilled(String nonce) {
        return killed.contains(nonce);
    }

    /** It has ended. */
    void forget(String nonce) {
        known.remove(nonce);
        logStarts.remove(nonce);
        asked.remove(nonce);
        killed.remove(nonce);
    }
}
