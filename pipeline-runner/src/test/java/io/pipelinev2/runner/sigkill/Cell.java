package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.deployment.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who is killed, and when: at a moment of a scene, or at whatever the n-th event of the scene is.
 *
 * @param phase the scene
 * @param moment the name of the moment, or the number of the event
 */
record Cell(Moment.Phase phase, String moment, Victim victim) {

    private static final int EVENTS = 30;

    /** One for each moment and victim. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            for (Victim victim : Victim.values()) {
                cells.add(new Cell(moment.phase(), moment.name(), victim));
            }
        }
        return cells;
    }

    /** Any scene, any event of it, named or not. */
    static Cell any(Random random) {
        Moment.Phase phase = Moment.Phase.values()[random.nextInt(Moment.Phase.values().length)];
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        return new Cell(phase, Integer.toString(random.nextInt(EVENTS)), victim);
    }

    static Cell parse(String text) {
        String[] parts = text.split("/");
        return new Cell(Moment.Phase.valueOf(parts[0]), parts[1], Victim.valueOf(parts[2]));
    }

    boolean isAt(Moment.Sight sight, Deployment before, Deployment after, int event) {
        return isNamed()
                ? Moment.valueOf(moment).is(sight, before, after)
                : sight != Moment.Sight.SUPERVISED && event == Integer.parseInt(moment);
    }

    /** Whether its scene surely gets that far. */
    boolean isNamed() {
        return !Character.isDigit(moment.charAt(0));
    }

    @Override
    public String toString() {
        return phase + "/" + moment + "/" + victim;
    }
}
