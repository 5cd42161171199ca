package io.pipelinev2.runner.view;

import io.pipelinev2.core.trial.TrialKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of many things of which the same was asked at once: each was done by itself, as if it had been asked for alone.
 *
 * @param verb what was asked for
 * @param items what became of each, in the order in which they were asked for
 */
public record BulkView(String verb, List<Item> items) {

    /** How many are taken at a time, so that an answer does not take minutes. */
    public static final int MOST = 500;

    /**
     * What became of one trial.
     *
     * @param id the pipeline's own id of it
     * @param key which trial, or null if there is none of that id
     * @param refusal what kind of refusal it was, in one word for programs; null if it was done
     * @param words what was done, or why not
     */
    public record Item(
            long id, @Nullable TrialKey key, @Nullable String refusal, String words) {

        /** Whether it was done. */
        public boolean isDone() {
            return refusal == null;
        }
    }

    /** How all of it ended. */
    public enum Outcome {
        DONE,
        PARTLY,
        REFUSED
    }

    public BulkView {
        items = List.copyOf(items);
    }

    private long done() {
        return items.stream().filter(Item::isDone).count();
    }

    /** How all of it ended. */
    public Outcome outcome() {
        long done = done();
        return done == items.size() ? Outcome.DONE : done == 0 ? Outcome.REFUSED : Outcome.PARTLY;
    }

    /**
     * The sum of it.
     *
     * @param where the reasons of what was refused stand, such as {@code below}
     */
    public String words(String where) {
        long refused = items.size() - done();
        return "%s: %d of %d done%s."
                .formatted(
                        verb,
                        done(),
                        items.size(),
                        refused == 0 ? "" : ", " + refused + " refused, each for the reason " + where);
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("result", outcome().name().toLowerCase(Locale.ROOT));
        json.put("message", words("below"));
        json.put("items", items.stream().map(BulkView::item).toList());
        return json;
    }

    private static Map<String, @Nullable Object> item(Item item) {
        TrialKey key = item.key();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", item.id());
        json.put("study", key == null ? null : key.study());
        json.put("number", key == null ? null : key.number());
        json.put("result", item.isDone() ? "done" : "refused");
        json.put("code", item.refusal());
        json.put("message", item.words());
        return json;
    }
}
