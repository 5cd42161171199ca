package io.pipelinev2.runner.config;

import java.util.List;
import java.util.Map;

/** The order of the stages: the key {@code order}. */
final class StageOrder {

    static final String BACKTEST = "backtest";
    static final String CGE_STRESS = "cge_stress";
    static final String DEPLOY = "deploy";
    static final List<String> BUILT_IN = List.of(BACKTEST, CGE_STRESS, DEPLOY);

    private static final Rule<List<String>> LIST = new Rule<>(names -> true, "a list of stages");

    private StageOrder() {}

    static List<String> read(Options options, Map<String, StageConfig> stages) {
        List<String> order = options.value("order", BUILT_IN, Kind.TEXT.list(), LIST);
        for (int i = 0; i < order.size(); i++) {
            String name = order.get(i);
            if (!stages.containsKey(name)) {
                options.refuseItem(
                        "order",
                        i,
                        "the name of a built-in stage, or of one that has its block in stages; %s"
                                .formatted(DidYouMean.hint(name, stages.keySet())));
            } else if (order.indexOf(name) != i) {
                options.refuseItem("order", i, "there only once");
            } else if (name.equals(DEPLOY) && i != order.size() - 1) {
                options.refuseItem("order", i, "the last stage: what is deployed has passed all others");
            }
        }
        stages.forEach((name, stage) -> {
            if (stage.enabled() && !order.contains(name)) {
                options.refuse(
                        "order",
                        "one that has the enabled stage '%s': add it, or set stages.%s.enabled to false"
                                .formatted(name, name));
            }
        });
        return order;
    }
}
