package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.logging.Verbosity;
import io.pipelinev2.runner.view.Json;
import io.pipelinev2.runner.view.TrialSelector;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands on a home have in common. Data goes to standard output, everything else to standard error. */
abstract class HomeCommand implements Callable<Integer> {

    @Mixin
    HomeOptions options = new HomeOptions();

    @Spec
    CommandSpec spec;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    PipelineConfig config() {
        return ConfigLoader.ofThisProcess().load(options.config, options.home);
    }

    /** Reads the configuration, starts logging, opens the home. */
    PipelineHome open() {
        return open(config());
    }

    void log(PipelineConfig config) {
        Logging.configure(config.logs(), options.verbosity(quietly()));
    }

    /** What is logged to standard error unless more is asked for. */
    Verbosity quietly() {
        return Verbosity.NORMAL;
    }

    PipelineHome open(PipelineConfig config) {
        log(config);
        return PipelineHome.open(config);
    }

    /** What text on standard output is laid out for. */
    Page page() {
        return new Page(Terminal.width(), options.common.color.isOn(System.getenv(), Terminal.isOut()));
    }

    Progress progress() {
        return options.quiet ? Progress.none() : new Progress(err(), Terminal.showsProgress());
    }

    void print(Map<String, ? extends @Nullable Object> json) {
        out().println(Json.pretty(json));
        out().flush();
    }

    void say(String line) {
        out().println(InertText.of(line));
        out().flush();
    }

    static Trial find(PipelineHome home, String selector) {
        return TrialSelector.parse(selector).resolve(home.store());
    }

    /** Before a hold is put on a stage that nobody would ever look at. */
    static void requireKnown(PipelineHome home, @Nullable String stage) {
        if (stage != null && !home.stages().contains(stage)) {
            throw new RefusedException(
                    "There is no stage '%s'; there are %s.".formatted(stage, String.join(", ", home.stages())));
        }
    }

    static Operator operator() {
        return new Operator(System.getProperty("user.name", "unknown"), "cli");
    }
}
