package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.Revalidation.Repeated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "revalidate",
        description = "Repeats the backtests of deployed and completed trials whose results rest on market data, rules,"
                + " gates or a program that are others by now. What is deployed goes on meanwhile; a trial that is"
                + " rejected this time fails, and its deployment is ended. Works with the daemon up or down; with no"
                + " daemon up, the next `run` or `once` does the work.")
final class RevalidateCommand extends HomeCommand {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "[STUDY/]N",
            description = "Default: all that are deployed or completed.")
    @Nullable
    String trial;

    @Option(names = "--all", description = "Repeat results that are still good, too.")
    boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Trial only = trial == null ? null : find(home, trial);
            List<Repeated> done = home.revalidation().begin(only, all, reason, operator());
            List<Repeated> repeated = done.stream()
                    .filter(one ->
                            one.refused() == null && (all || !one.differences().isEmpty()))
                    .toList();
            List<Repeated> refused =
                    done.stream().filter(one -> one.refused() != null).toList();
            int usedAgain = done.size() - repeated.size() - refused.size();
            if (json) {
                Map<String, @Nullable Object> report = new LinkedHashMap<>();
                report.put(
                        "repeated",
                        repeated.stream().map(RevalidateCommand::map).toList());
                report.put("used_again", usedAgain);
                report.put(
                        "refused", refused.stream().map(RevalidateCommand::map).toList());
                print(report);
                return ExitCode.OK;
            }
            repeated.forEach(one -> say("Trial " + one.trial().key() + ": its backtest is repeated"
                    + (one.differences().isEmpty() ? "" : "; changed: " + String.join(", ", one.differences()))));
            refused.forEach(one -> say("Not repeated: " + one.refused()));
            say(repeated.size() + " of " + done.size() + " backtests are repeated; "
                    + usedAgain + " rest on what holds now and are used again."
                    + (repeated.isEmpty() || home.isSupervised()
                            ? ""
                            : " No daemon is up: `once` or `run` does the work."));
            return ExitCode.OK;
        }
    }

    private static Map<String, @Nullable Object> map(Repeated one) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("study", one.trial().key().study());
        map.put("number", one.trial().key().number());
        map.put("changed", one.differences());
        map.put("refused", one.refused());
        return map;
    }
}
