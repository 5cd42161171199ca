package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.PreferenceCommands;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that decides about trials for good, or takes that back. What is refused for one is done for the others. */
abstract class PreferenceCommand extends HomeCommand {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "[STUDY/]N", description = "The trials.")
    List<String> trials;

    @Option(names = "--off", description = "Take it back.")
    boolean off;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    /** Writes it down, and says what was done. */
    abstract String decide(PreferenceCommands commands, TrialKey key);

    /**
     * Waits for what follows at once, if anything does.
     *
     * @return whether it is so
     */
    boolean carryOut(PipelineHome home, TrialKey key) throws InterruptedException {
        return true;
    }

    @Override
    public Integer call() throws Exception {
        try (PipelineHome home = open()) {
            List<TrialKey> keys = new ArrayList<>();
            for (String trial : trials) {
                keys.add(find(home, trial).key());
            }
            PreferenceCommands commands = home.deployments().commands().preferences();
            List<TrialKey> decided = new ArrayList<>();
            for (TrialKey key : keys) {
                try {
                    say(decide(commands, key));
                    decided.add(key);
                } catch (RefusedException e) {
                    err().println(InertText.of(String.valueOf(e.getMessage())));
                }
            }
            boolean all = true;
            for (TrialKey key : decided) {
                all &= carryOut(home, key);
            }
            if (decided.size() < keys.size()) {
                return ExitCode.REFUSED;
            }
            return all ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
