package io.pipelinev2.runner.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a mistyped one was meant to be. */
public final class DidYouMean {

    private static final int LONGEST = 100;

    private DidYouMean() {}

    /** The nearest of the known words, if one is near enough to be meant. */
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> distance(plain(word), plain(candidate)) <= tolerance(candidate))
                .min(Comparator.comparingInt(candidate -> distance(plain(word), plain(candidate))));
    }

    /** Ends a message about an unknown word. */
    public static String hint(String word, Collection<String> known) {
        return of(word, known)
                .map(candidate -> "did you mean '" + candidate + "'?")
                .orElse(known.isEmpty() ? "there are none here" : "known are: " + String.join(", ", known));
    }

    // maxAttempts and max-attempts are max_attempts
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private static int tolerance(String candidate) {
        return candidate.length() <= 5 ? 1 : candidate.length() <= 9 ? 2 : 3;
    }

    /** Letters to insert, delete, replace, or swap with their neighbour. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
