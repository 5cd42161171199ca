package io.pipelinev2.deploy.supervision;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a supervisor remembers of the starts it has dealt with, by nonce. It only saves repetition and makes words better:
 * a supervisor that has lost it acts correctly all the same.
 */
final class Memory {

    private final Set<String> known = new HashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> killed = new HashSet<>();
    private final Map<String, Long> dumps = new HashMap<>();

    void launched(String nonce) {
        known.add(nonce);
    }

    void adopted(String nonce) {
        known.add(nonce);
    }

    boolean knows(String nonce) {
        return known.contains(nonce);
    }

    /** It was asked at this time, of the clock that only grows, to say what its threads are doing. */
    void askedForDump(String nonce, long nanoTime) {
        dumps.put(nonce, nanoTime);
    }

    OptionalLong askedForDumpAt(String nonce) {
        Long at = dumps.get(nonce);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
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
        dumps.remove(nonce);
        asked.remove(nonce);
        killed.remove(nonce);
    }
}
