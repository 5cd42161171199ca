package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.PreferenceCommands;
import picocli.CommandLine.Command;

@Command(
        name = "pin",
        description =
                "A trial gets a slot before all that are not pinned, once it is validated, and keeps it whatever its"
                        + " rank. Needs --reason. --off ranks it as all others again.")
final class PinCommand extends PreferenceCommand {

    @Override
    String decide(PreferenceCommands commands, TrialKey key) {
        return off ? commands.unpin(key, reason, operator()) : commands.pin(key, reason, operator());
    }
}
