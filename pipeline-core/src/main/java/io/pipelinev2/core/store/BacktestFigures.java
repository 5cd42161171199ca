package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few figures of a backtest that trials can be sorted by, as its results hold them. */
public final class BacktestFigures {

    /** The name of the stage whose results they are. */
    public static final String STAGE = "backtest";

    private static final List<String> METRICS = List.of("sharpe", "max_drawdown");
    private static final String TRADES = "trades";

    private BacktestFigures() {}

    /** Of a trial with these stages, by name; what was not measured or is undefined is left out. */
    public static Map<String, Double> among(List<StageRun> stages) {
        return stages.stream()
                .filter(stage -> stage.name().equals(STAGE))
                .findFirst()
                .map(stage -> of(stage.results()))
                .orElse(Map.of());
    }

    /** In these results of the stage. */
    public static Map<String, Double> of(@Nullable Map<String, ? extends @Nullable Object> results) {
        Map<String, Double> figures = new HashMap<>();
        if (results != null) {
            if (results.get("metrics") instanceof Map<?, ?> metrics) {
                METRICS.forEach(name -> put(figures, name, metrics.get(name)));
            }
            put(figures, TRADES, results.get(TRADES));
        }
        return Map.copyOf(figures);
    }

    private static void put(Map<String, Double> figures, String name, @Nullable Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            figures.put(name, number.doubleValue());
        }
    }
}
