package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Items;
import io.pipelinev2.runner.config.JsonValue.Text;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The blocks of {@code stages}: those of the built-in stages, and those of the user's own, which may replace built-in ones.
 * Reading a block of a user's own leaves nothing of it unread; the keys that are a built-in stage's own, and those of the
 * backtest whoever does it, are read by others.
 */
final class StageBlocks {

    private static final StageConfig USERS = new StageConfig(true, 3, Duration.ofMinutes(1));

    private final Map<String, StageConfig> stages = new LinkedHashMap<>();
    private final Map<String, UserStage> users = new LinkedHashMap<>();
    private final Map<String, Options> builtIn = new LinkedHashMap<>();

    private StageBlocks() {}

    static StageBlocks read(Options root) {
        Options blocks = root.section("stages");
        StageBlocks read = new StageBlocks();
        read.builtIn(blocks, StageOrder.BACKTEST, new StageConfig(true, 3, Duration.ofMinutes(1)), Rule.EITHER);
        read.builtIn(
                blocks,
                StageOrder.CGE_STRESS,
                new StageConfig(false, 2, Duration.ofMinutes(5)),
                CgeStressConfig.AVAILABLE);
        for (String name : blocks.names()) {
            if (!StageOrder.BUILT_IN.contains(name)) {
                read.user(blocks, name, isInOrder(root, name));
            }
        }
        read.builtIn(blocks, StageOrder.DEPLOY, new StageConfig(true, 1, Duration.ofMinutes(1)), Rule.EITHER);
        return read;
    }

    private void builtIn(Options blocks, String name, StageConfig defaults, Rule<Boolean> available) {
        Options block = blocks.section(name);
        boolean replaced = !name.equals(StageOrder.DEPLOY) && UserStage.isDescribedIn(block);
        if (replaced) {
            add(name, block);
        } else {
            stages.put(name, StageConfig.read(block, defaults, available));
        }
        // gates and panel look at what any backtest returns
        if (replaced && !name.equals(StageOrder.BACKTEST)) {
            block.refuseUnknown(" where a stage of your own replaces the built-in one");
            builtIn.put(name, Options.none());
        } else {
            builtIn.put(name, block);
        }
    }

    private void user(Options blocks, String name, boolean inOrder) {
        Options block = blocks.section(name);
        Optional<String> meant = DidYouMean.of(name, StageOrder.BUILT_IN);
        if (!UserStage.isName(name)) {
            blocks.refuseKey(name, "is no name for a stage, which must be " + UserStage.NAME_WORDS);
        } else if (meant.isPresent() && !inOrder && !UserStage.isDescribedIn(block)) {
            blocks.refuseKey(
                    name,
                    "is not known; did you mean '%s'? A stage of your own has a type or a command, and its place in the order"
                            .formatted(meant.get()));
        } else {
            add(name, block);
            block.refuseUnknown();
        }
    }

    private void add(String name, Options block) {
        users.put(name, UserStage.read(name, block));
        stages.put(name, StageConfig.read(block, USERS, Rule.EITHER));
    }

    private static boolean isInOrder(Options root, String name) {
        return root.raw("order").orElse(null) instanceof Items items
                && items.values().stream()
                        .anyMatch(item ->
                                item instanceof Text text && text.value().equals(name));
    }

    /** How the engine treats each stage. */
    Map<String, StageConfig> stages() {
        return stages;
    }

    /** What the user's own are. */
    Map<String, UserStage> users() {
        return users;
    }

    /** What is a built-in stage's own; nothing if it is replaced, but for the backtest. */
    Options of(String builtInStage) {
        Options block = builtIn.get(builtInStage);
        if (block == null) {
            throw new IllegalArgumentException("no built-in stage: " + builtInStage);
        }
        return block;
    }

    void refuseUnknown() {
        builtIn.values().forEach(Options::refuseUnknown);
    }
}
