package io.pipelinev2.runner.extension;

import io.pipelinev2.backtest.gate.GateDecision;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a gate's command answered: nothing of a malformed answer is used. */
final class GateAnswer {

    private static final int LONGEST_REASON = 10_000;
    private static final List<String> KEYS = List.of("verdict", "reason");

    private GateAnswer() {}

    /**
     * Reads an answer.
     *
     * @param output all that the command wrote to its standard output
     * @throws MalformedAnswerException saying what was found and what it must be
     */
    static GateDecision read(byte[] output) throws MalformedAnswerException {
        Map<String, @Nullable Object> answer = JsonAnswer.object(output);
        JsonAnswer.requireKnown("it", answer, KEYS);
        String verdict = answer.get("verdict") instanceof String text ? text : "";
        if (!verdict.equals("passed") && !verdict.equals("rejected")) {
            throw JsonAnswer.unlike("verdict", answer.get("verdict"), "passed or rejected");
        }
        boolean passed = verdict.equals("passed");
        Object reason = answer.get("reason");
        if (reason == null && passed) {
            return GateDecision.passed("");
        }
        if (!(reason instanceof String words) || words.isBlank()) {
            throw JsonAnswer.unlike("reason", reason, "text that says why, which only passed may leave out");
        }
        if (words.length() > LONGEST_REASON) {
            throw new MalformedAnswerException(
                    "reason was %d characters long but must be at most %d".formatted(words.length(), LONGEST_REASON));
        }
        return new GateDecision(passed, words);
    }
}
