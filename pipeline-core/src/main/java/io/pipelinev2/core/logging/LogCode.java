package io.pipelinev2.core.logging;

import java.util.Collections;
import java.util.Iterator;
import org.slf4j.Marker;

/**
 * What stands behind a warning or an error, for whoever reads it at night: each has a code that stays the same whatever
 * its words are, what usually causes it, and what to do. The codes of a module are an enum; being a {@link Marker}, a code
 * is the first argument of the call that logs: {@code LOG.warn(CoreLogCode.ATTEMPT_FAILED, "{} failed.", trial, e)}.
 */
// SLF4J is about to reduce markers to what this is: a name.
@SuppressWarnings("deprecation")
public interface LogCode extends Marker {

    /**
     * What an enum keeps of each of its codes.
     *
     * @param number never given to anything else again
     * @param cause what usually causes it, as the rest of a sentence that begins with "because"
     * @param action what to do about it, in a sentence without a full stop
     */
    record Meaning(int number, String cause, String action) {}

    /** What it stands for. */
    Meaning meaning();

    /** Such as {@code PL-113}. */
    default String code() {
        return "PL-" + meaning().number();
    }

    /** As in its {@link Meaning}. */
    default String cause() {
        return meaning().cause();
    }

    /** As in its {@link Meaning}. */
    default String action() {
        return meaning().action();
    }

    @Override
    default String getName() {
        return code();
    }

    @Override
    default void add(Marker reference) {
        throw new UnsupportedOperationException(code() + " stands alone");
    }

    @Override
    default boolean remove(Marker reference) {
        return false;
    }

    @Override
    default boolean hasChildren() {
        return false;
    }

    @Override
    default boolean hasReferences() {
        return false;
    }

    @Override
    default Iterator<Marker> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    default boolean contains(Marker other) {
        return equals(other);
    }

    @Override
    default boolean contains(String name) {
        return code().equals(name);
    }
}
