package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.BulkView;
import io.pipelinev2.runner.view.MalformedTrialSelectorException;
import io.pipelinev2.runner.view.TrialSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * A command on a stage of trials, which are named or described. Each is done by itself, as if it had been named alone: what is
 * refused for one is done for the others all the same.
 */
abstract class BulkCommand extends HomeCommand {

    @Parameters(
            index = "0..*",
            arity = "0..*",
            paramLabel = "[STUDY/]N… [STAGE]",
            hideParamSyntax = true,
            description = "The trials, unless they are described, and after them the stage.")
    List<String> words = List.of();

    @Mixin
    TrialFilter filter = new TrialFilter();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before it is done to trials that were not named.")
    boolean yes;

    @Option(names = "--dry-run", description = "Show which trials are meant, and do nothing.")
    boolean dryRun;

    /** The trials that were named. */
    private final List<String> named = new ArrayList<>();

    private @Nullable String stage;

    /** Does it to one, and says what was done. */
    abstract String apply(Operations operations, TrialKey key, @Nullable String stage);

    /** Whether it cannot do without the name of a stage. */
    abstract boolean needsStage();

    @Override
    public Integer call() {
        part();
        try (PipelineHome home = open()) {
            if (!filter.isGiven()) {
                List<Trial> found = named.stream().map(each -> find(home, each)).toList();
                if (dryRun) {
                    return show(found, true);
                }
                return found.size() == 1 ? one(home, found.get(0)) : all(home, found);
            }
            List<Trial> found = filter.in(home, spec);
            if (dryRun || found.isEmpty()) {
                return show(found, true);
            }
            show(found, false);
            consent(home, found);
            return all(home, found.stream().limit(BulkView.MOST).toList());
        }
    }

    /** A stage's name begins with a letter, and is so told from a trial's. */
    private void part() {
        named.addAll(words);
        if (!named.isEmpty() && !isTrial(named.get(named.size() - 1)) && (named.size() > 1 || filter.isGiven())) {
            stage = named.remove(named.size() - 1);
        }
        // whatever else is no trial is told in its own words
        named.forEach(TrialSelector::parse);
        if (named.isEmpty() != filter.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    named.isEmpty()
                            ? "Which trials? Name them, such as 31 or STUDY/31, or describe them, such as --status failed."
                            : "Trials are either named or described, not both.");
        }
        if (stage == null && needsStage()) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'STAGE', after the trials.");
        }
    }

    private static boolean isTrial(String word) {
        try {
            TrialSelector.parse(word);
            return true;
        } catch (MalformedTrialSelectorException e) {
            return false;
        }
    }

    private int one(PipelineHome home, Trial trial) {
        say(apply(home.operations(), trial.key(), stage));
        return ExitCode.OK;
    }

    private int all(PipelineHome home, List<Trial> found) {
        Operations operations = home.operations();
        BulkView all = new BulkView(
                spec.name(),
                found.stream().distinct().map(trial -> item(operations, trial)).toList());
        complain(all.words("above"));
        return all.outcome() == BulkView.Outcome.DONE ? ExitCode.OK : ExitCode.REFUSED;
    }

    /** Told at once: should the database fail at the next one, it is known what was done. */
    private BulkView.Item item(Operations operations, Trial trial) {
        try {
            String words = apply(operations, trial.key(), stage);
            say(words);
            return new BulkView.Item(trial.id(), trial.key(), null, words);
        } catch (RefusedException e) {
            String words = String.valueOf(e.getMessage());
            complain("Trial %s: refused: %s".formatted(trial.key(), words));
            return new BulkView.Item(trial.id(), trial.key(), "conflict", words);
        }
    }

    /** @param only whether nothing else comes, so that this is what was asked for */
    private int show(List<Trial> found, boolean only) {
        if (found.isEmpty()) {
            complain("No trial is as described; nothing was done.");
            return ExitCode.OK;
        }
        Page page = page();
        TextTable table =
                new TextTable().text("TRIAL").state("STATUS").text("WHY").coloured(page.coloured());
        found.stream()
                .limit(BulkView.MOST)
                .forEach(trial -> table.row(List.of(
                        trial.key().toString(), trial.status().label(), trial.reason() == null ? "" : trial.reason())));
        String text = table.format(page.width());
        if (only) {
            out().print(text);
            out().flush();
            complain("Nothing was done (--dry-run).");
        } else {
            err().print(text);
            err().flush();
        }
        return ExitCode.OK;
    }

    private void consent(PipelineHome home, List<Trial> found) {
        boolean more = found.size() > BulkView.MOST;
        int count = Math.min(BulkView.MOST, found.size());
        String what = "%s %s%d %s%s"
                .formatted(
                        spec.name(),
                        more ? "the first " : "",
                        count,
                        count == 1 ? "trial" : "trials",
                        more ? "; give the command again for the others" : "");
        if (yes) {
            return;
        }
        if (!Terminal.isIn()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "This would %s that were not named, and nobody can be asked here: add --yes.".formatted(what));
        }
        String answer = new Questions(err(), true).ask(what + "? (y/N)", "N");
        if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
            throw new RefusedException("Nothing was done.");
        }
        if (!ids(filter.in(home, spec)).equals(ids(found))) {
            throw new RefusedException(
                    "Other trials are as described now than were shown. Look again, then decide. Nothing was done.");
        }
    }

    private static List<Long> ids(List<Trial> trials) {
        return trials.stream().map(Trial::id).toList();
    }

    /** Standard output is for what was done. */
    private void complain(String line) {
        err().println(InertText.of(line));
        err().flush();
    }
}
