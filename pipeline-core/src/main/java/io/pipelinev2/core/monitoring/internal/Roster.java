package io.pipelinev2.core.monitoring.internal;

import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon that began last is made of. It stands in the store, because a process that only looks may know neither the
 * configuration that this daemon runs with, nor the stages that its application brought along. Whatever else was ever reported
 * of is history.
 */
public final class Roster {

    private static final String SETTING = "health_roster";
    private static final String STAGE = "stage ";

    private final List<String> lines;

    private Roster(List<String> lines) {
        this.lines = lines;
    }

    /** The roster in a store, or null if no daemon that writes one has begun yet. */
    public static @Nullable Roster in(StoreReader tx) {
        String text = tx.setting(SETTING).orElse(null);
        return text == null ? null : new Roster(List.of(text.split("\n")));
    }

    static Roster of(Instant since, Collection<String> components, Collection<String> stages) {
        List<String> lines = new ArrayList<>();
        // as much of a time as every store keeps
        lines.add(since.truncatedTo(ChronoUnit.MILLIS).toString());
        for (String stage : stages) {
            lines.add(STAGE + stage);
        }
        return new Roster(lines).with(components);
    }

    Roster with(Collection<String> components) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(components);
        return new Roster(all);
    }

    void put(StoreWriter tx) {
        tx.put(SETTING, String.join("\n", lines));
    }

    Instant since() {
        return Instant.parse(lines.get(0));
    }

    /** {@return the names of those that are reported on now} */
    public List<String> components() {
        List<String> components = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (!line.startsWith(STAGE) && !components.contains(line)) {
                components.add(line);
            }
        }
        return components;
    }

    /** Whether a hold is still about something: a stage that trips and then leaves the plan is never tried again. */
    boolean concerns(StageHold hold) {
        return hold.kind() != StageHold.Kind.TRIPPED
                || hold.stage().equals(StageHold.EVERY_STAGE)
                || lines.contains(STAGE + hold.stage());
    }
}
