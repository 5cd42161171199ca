package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Clock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.Json;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that reads the state and shows it, once or again and again. */
abstract class ReadingCommand extends HomeCommand {

    private static final Duration SHORTEST = Duration.ofMillis(200);

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Mixin
    WatchOption watch = new WatchOption();

    private final CountDownLatch never = new CountDownLatch(1);

    abstract Look look(PipelineHome home);

    @Override
    public Integer call() throws InterruptedException {
        Duration every = watch.every;
        if (every != null && every.compareTo(SHORTEST) < 0) {
            throw new ParameterException(spec.commandLine(), "--watch must be at least 200ms");
        }
        try (PipelineHome home = open()) {
            return every == null ? once(home) : again(home, every);
        }
    }

    private int once(PipelineHome home) {
        Look look = look(home);
        if (json) {
            print(look.json());
        } else {
            out().print(look.text().apply(page()));
            out().flush();
        }
        return look.exitCode();
    }

    /** Until whoever reads has gone. */
    private int again(PipelineHome home, Duration every) throws InterruptedException {
        boolean redraws = !json && Terminal.isOut();
        Look look;
        do {
            look = look(home);
            if (json) {
                out().println(Json.compact(look.json()));
            } else if (redraws) {
                out().print(Frame.of(heading(every) + look.text().apply(page()), Terminal.rows()));
            } else {
                out().println(heading(every) + look.text().apply(page()));
            }
            out().flush();
        } while (!out().checkError() && !never.await(every.toMillis(), TimeUnit.MILLISECONDS));
        return look.exitCode();
    }

    private String heading(Duration every) {
        String time = Clock.system().now().truncatedTo(ChronoUnit.SECONDS).toString();
        String words = String.join(
                " ",
                List.of(spec.qualifiedName(), "every", every.toMillis() / 1000.0 + " s,", time, "(Ctrl+C ends it)"));
        return words.replace(".0 s", " s") + "\n\n";
    }
}
