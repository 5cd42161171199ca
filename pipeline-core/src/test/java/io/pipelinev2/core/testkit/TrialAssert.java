package io.pipelinev2.core.testkit;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a trial; each fails with the whole story of the trial. */
public final class TrialAssert extends AbstractAssert<TrialAssert, TrialSnapshot> {

    TrialAssert(TrialSnapshot actual) {
        super(actual, TrialAssert.class);
    }

    public TrialAssert isPending() {
        return is(TrialStatus.PENDING);
    }

    public TrialAssert isProcessing() {
        return is(TrialStatus.PROCESSING);
    }

    public TrialAssert isCompleted() {
        return is(TrialStatus.COMPLETED);
    }

    public TrialAssert isDeployed() {
        return is(TrialStatus.DEPLOYED);
    }

    public TrialAssert isFailed() {
        return is(TrialStatus.FAILED);
    }

    private TrialAssert is(TrialStatus status) {
        return require(seen().row().status() == status, "it to be " + status.label());
    }

    /** Its status has exactly this reason. */
    public TrialAssert becauseOf(String reason) {
        return require(Objects.equals(seen().row().reason(), reason), "it to be so because: " + reason);
    }

    /** Nothing happens to it at present, for a reason that begins with these words. */
    public TrialAssert isHeldBecauseOf(String words) {
        String held = seen().row().heldReason();
        return require(held != null && held.startsWith(words), "it to be held because: " + words);
    }

    /** Nothing is begun on it until it is unparked. */
    public TrialAssert isParked() {
        return require(seen().row().parked(), "it to be parked");
    }

    public TrialAssert isNotHeld() {
        return require(seen().row().heldReason() == null, "it not to be held");
    }

    /** This has happened to it, once or more. */
    public TrialAssert hasEvent(EventType type) {
        return require(seen().eventTypes().contains(type), "an event " + type.label());
    }

    /** This has never happened to it. */
    public TrialAssert hasNoEvent(EventType type) {
        return require(!seen().eventTypes().contains(type), "no event " + type.label());
    }

    /** Exactly this has happened to it, in this order. */
    public TrialAssert hasEvents(EventType... types) {
        List<EventType> expected = List.of(types);
        return require(
                seen().eventTypes().equals(expected),
                "the events " + expected.stream().map(EventType::label).toList());
    }

    private TrialSnapshot seen() {
        isNotNull();
        return actual;
    }

    private TrialAssert require(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("Expected of trial %s %s, but%n%s", actual.row().key(), expected, actual);
        }
        return this;
    }
}
