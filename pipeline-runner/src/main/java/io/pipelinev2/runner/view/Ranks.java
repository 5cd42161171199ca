package io.pipelinev2.runner.view;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Competition ranking: the best is 1, equal ones share a rank, and the next one's rank counts all before it. */
final class Ranks {

    private Ranks() {}

    /** The rank of each id, by scores of which more is better. */
    static Map<Long, Integer> of(Map<Long, Double> scores) {
        List<Map.Entry<Long, Double>> bestFirst = scores.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        Map<Long, Integer> ranks = new HashMap<>();
        int rank = 0;
        double before = Double.NaN;
        for (int i = 0; i < bestFirst.size(); i++) {
            double score = bestFirst.get(i).getValue();
            // primitive comparison, so that 0.0 and -0.0 are equal
            if (score != before) {
                rank = i + 1;
            }
            before = score;
            ranks.put(bestFirst.get(i).getKey(), rank);
        }
        return ranks;
    }
}
