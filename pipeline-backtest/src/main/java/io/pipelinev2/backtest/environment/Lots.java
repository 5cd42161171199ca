package io.pipelinev2.backtest.environment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The lot of each asset: the smallest order, in units of the asset and before {@link TradingRules#lotFactor()}.
 *
 * @param sizes by column of the price array
 * @param assets the assets' names in the same order, or empty when they are not known
 */
public record Lots(List<Double> sizes, List<String> assets) {

    /** What lots must be; continues "must be". */
    public static final String WORDS =
            "1 to 128 lots, each finite and not negative, by column or under the different names of their assets";

    /** Beyond 128 values NumPy adds numbers in yet another order. */
    private static final int MOST = 128;

    /** @throws IllegalArgumentException when sizes and names are not {@link #WORDS} */
    public Lots {
        sizes = List.copyOf(sizes);
        assets = List.copyOf(assets);
        boolean possible = !sizes.isEmpty()
                && sizes.size() <= MOST
                && sizes.stream().allMatch(size -> size >= 0 && Double.isFinite(size))
                && (assets.isEmpty() || assets.size() == sizes.size() && areDifferent(assets));
        if (!possible) {
            throw new IllegalArgumentException(
                    "environment.lots were " + sizes + " for the assets " + assets + " but must be " + WORDS);
        }
    }

    /** Lots of assets whose names are not known. */
    public static Lots of(List<Double> sizes) {
        return new Lots(sizes, List.of());
    }

    /** Lots by the name of the asset, in the order of the price columns. */
    public static Lots of(Map<String, Double> byAsset) {
        return new Lots(new ArrayList<>(byAsset.values()), new ArrayList<>(byAsset.keySet()));
    }

    /** For how many assets there are lots. */
    public int count() {
        return sizes.size();
    }

    private static boolean areDifferent(List<String> names) {
        Set<String> seen = new HashSet<>();
        return names.stream().allMatch(name -> !name.isBlank() && seen.add(name.toUpperCase(Locale.ROOT)));
    }
}
