package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.config.InertText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether something may be done that no other command takes back. Nobody is ever waited for who is not there. */
final class Consent {

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask, where this would ask: before what no other command takes back.")
    boolean yes;

    /**
     * Goes on only if it may be done.
     *
     * @param what what will happen, as a sentence
     * @throws ParameterException if nobody is there to be asked
     * @throws RefusedException if the answer is no
     */
    void require(CommandSpec spec, String what) {
        if (yes) {
            return;
        }
        if (!Terminal.isIn()) {
            throw new ParameterException(
                    spec.commandLine(),
                    what + " No other command takes that back, and nobody can be asked here: add --yes.");
        }
        Questions questions = new Questions(spec.commandLine().getErr(), true);
        String answer = questions.ask(InertText.of(what) + " No other command takes that back. Go on? (y/N)", "N");
        if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
            throw new RefusedException("Nothing was done.");
        }
    }
}
