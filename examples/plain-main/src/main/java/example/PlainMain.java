package example;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.monitoring.PipelineRecords;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.optuna.OptunaTrialSource;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.util.List;

/** Takes the finished trials of an Optuna file through one stage, and prints what became of them. */
public final class PlainMain {

    private PlainMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: PlainMain OPTUNA_FILE STATE_FILE");
            System.exit(2);
        }
        Path optuna = Path.of(arguments[0]).toAbsolutePath();
        Path state = Path.of(arguments[1]).toAbsolutePath();
        try {
            run(optuna, state);
        } catch (PipelineException e) {
            // its message says what is wrong, and what to do about it
            System.err.println(e.getMessage());
            System.exit(3);
        }
    }

    private static void run(Path optuna, Path state) throws InterruptedException {
        Stage positive = Stage.of("positive", context -> {
            Double value = context.trial().value();
            return value != null && value > 0
                    ? StageOutcome.passed("value " + value)
                    : StageOutcome.rejected("value " + value + " is not positive");
        });
        OptunaTrialSource source = OptunaTrialSource.of("sqlite:///" + optuna, optuna.getParent(), List.of("*"));
        try (PipelineRecords records = SqliteStore.open(state);
                Pipeline pipeline = Pipeline.builder()
                        .store(records)
                        .source(source)
                        .stage(positive)
                        .build()) {
            pipeline.runOnce();
            for (Trial trial : records.trials()) {
                System.out.printf("%-20s %-10s %s%n", trial.key(), trial.status().label(), trial.reason());
            }
        }
    }
}
