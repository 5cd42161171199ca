package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialSourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a storage all its questions in a process that permissions hold for. Root's do not hold by its capabilities, so without
 * them it is a user like any other, and one that may read what the tests are made of.
 */
final class Unprivileged {

    private Unprivileged() {}

    /** What each question was answered with, a line each. */
    static List<String> answers(Path storage) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Unprivileged.class.getName(),
                storage.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the process without privileges ended with " + process.exitValue() + ": " + said);
        }
        return said.lines().toList();
    }

    /** The process: prints what each question is answered with. */
    public static void main(String[] arguments) {
        Path storage = Path.of(arguments[0]);
        TrialSource source = OptunaTrialSource.of(storage.toString(), storage.getParent(), List.of("*"));
        print(source::studies);
        print(() -> source.completeTrials(new SourceStudy(1, "s", List.of())));
        print(() -> source.details(new SourceTrial("s", 1, 1, 0, null)));
    }

    private static void print(Runnable question) {
        String answer = "answered";
        try {
            question.run();
        } catch (TrialSourceException e) {
            answer = "refused: " + e.getMessage().replace("\n", " ");
        }
        System.out.println(answer);
    }
}
