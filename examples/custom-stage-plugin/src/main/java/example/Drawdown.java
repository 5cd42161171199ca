package example;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageConfiguration;
import io.pipelinev2.core.stage.StageFactory;
import io.pipelinev2.core.stage.StageOutcome;
import java.util.Map;

public final class Drawdown implements StageFactory {

    @Override
    public String type() {
        return "drawdown-limit";
    }

    @Override
    public Stage create(StageConfiguration configuration) {
        if (!(configuration.settings().get("limit") instanceof Double limit)) {
            throw new IllegalArgumentException("limit must be a number such as 0.2");
        }
        return Stage.of(configuration.name(), context -> {
            Map<?, ?> metrics = (Map<?, ?>) context.resultsOf("backtest").get("metrics");
            double drawdown = (Double) metrics.get("max_drawdown");
            String reason = "drawdown %.3f, limit %s".formatted(drawdown, limit);
            return drawdown <= limit
                    ? StageOutcome.passed(reason, Map.of("drawdown", drawdown))
                    : StageOutcome.rejected(reason, Map.of("drawdown", drawdown));
        });
    }
}
