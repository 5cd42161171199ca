package io.pipelinev2.deploy.drift;

import java.util.Arrays;

/**
 * After how many bars a paper record is looked at: from the first time on always after a quarter more. A record is judged at
 * these lengths alone, so that the judgement does not depend on when somebody looked, and so that few looks at one record do
 * not add up to many chances of a false alarm.
 */
final class Looks {

    private static final double GROWTH = 1.25;

    private final int[] bars;

    private Looks(int[] bars) {
        this.bars = bars;
    }

    /**
     * @param first after how many bars the first look is, 1 or more
     * @param last after how many no more is
     */
    static Looks from(int first, int last) {
        int[] bars = new int[16];
        int count = 0;
        for (long next = first; next <= last; next = Math.max(next + 1, (long) Math.ceil(next * GROWTH))) {
            if (count == bars.length) {
                bars = Arrays.copyOf(bars, 2 * count);
            }
            bars[count++] = (int) next;
        }
        return new Looks(Arrays.copyOf(bars, count));
    }

    int count() {
        return bars.length;
    }

    /** The length of the record at a look, from 0. */
    int bars(int look) {
        return bars[look];
    }

    /** The number of the latest look at a record of this many bars, -1 before the first. */
    int latest(int length) {
        int place = Arrays.binarySearch(bars, length);
        return place >= 0 ? place : -place - 2;
    }
}
