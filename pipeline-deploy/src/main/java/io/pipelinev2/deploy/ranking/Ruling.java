package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.stage.StageRun;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a trial last, as it stands in the results of its deploy stage, for machines to read. The words for
 * people stand in the stage's reason.
 *
 * @param kind what was decided
 * @param batch the latest batch at that time
 * @param fillsSlotOf the trial that an operator had stopped and whose slot it got, or null
 */
public record Ruling(Kind kind, long batch, @Nullable Long fillsSlotOf) {

    /** The kinds of ruling. */
    public enum Kind {
        DEPLOYED,
        /** By name: those who were there at the time do not take its slot by rank; later batches may. */
        DEPLOYED_BY_OPERATOR,
        RANKED_OUT,
        REPLACED,
        RETIRED,
        STOPPED_BY_OPERATOR,
        /** Not to be deployed until the operator takes that back; then it competes by rank again. */
        BARRED_BY_OPERATOR,
        /** It lacks what deploying needs. */
        NOT_DEPLOYABLE
    }

    private static final String KIND = "decision";
    private static final String BATCH = "latest_batch";
    private static final String FILLS = "fills_slot_of";

    public Ruling(Kind kind, long batch) {
        this(kind, batch, null);
    }

    /** The ruling in a stage's results, or null if there is none. */
    public static @Nullable Ruling of(StageRun stage) {
        Map<String, @Nullable Object> results = stage.results();
        if (results == null || !(results.get(KIND) instanceof String label)) {
            return null;
        }
        for (Kind kind : Kind.values()) {
            if (label(kind).equals(label)) {
                return new Ruling(
                        kind,
                        results.get(BATCH) instanceof Number batch ? batch.longValue() : 0,
                        results.get(FILLS) instanceof Number trial ? trial.longValue() : null);
            }
        }
        return null;
    }

    /** Another ruling about the same trial, which remembers whose slot it was. */
    public Ruling then(Kind next, long latestBatch) {
        return new Ruling(next, latestBatch, fillsSlotOf);
    }

    /** As results of a stage. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put(KIND, label(kind));
        map.put(BATCH, batch);
        if (fillsSlotOf != null) {
            map.put(FILLS, fillsSlotOf);
        }
        return map;
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
