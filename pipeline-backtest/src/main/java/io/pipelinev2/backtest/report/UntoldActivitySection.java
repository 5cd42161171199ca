package io.pipelinev2.backtest.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** In place of what was done with the capital, where a backtest of the user's own does not tell it. */
final class UntoldActivitySection implements Section {

    private final OptionalDouble trades;

    UntoldActivitySection(ReportedRun run) {
        this.trades = run.trades();
    }

    @Override
    public String key() {
        return "activity";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key())
                .element("h2", "Weights, cash and turnover")
                .element("p", "An equity curve does not tell what was held.", "class", "none");
        trades.ifPresent(count -> page.element("p", "Trades: " + Numbers.whole(count) + ".", "class", "remark"));
        page.close("section");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("trades", trades.isPresent() ? trades.getAsDouble() : null);
        return map;
    }
}
