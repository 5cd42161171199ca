package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.doctor.Diagnosis;
import io.pipelinev2.runner.doctor.Finding;
import io.pipelinev2.runner.doctor.Level;

/** What doctor found, in plain text: a line for each finding, and one for what mends it. */
final class DiagnosisText {

    private static final int LEVEL = 5;
    private static final int CHECK = 11;

    private DiagnosisText() {}

    static String of(Diagnosis diagnosis, Page page) {
        StringBuilder text = new StringBuilder();
        for (Diagnosis.Entry entry : diagnosis.entries()) {
            Finding finding = entry.finding();
            String level = finding.level().name();
            text.append(page.state(level))
                    .append(" ".repeat(LEVEL + 1 - level.length()))
                    .append(DisplayWidth.pad(entry.check(), CHECK, false))
                    .append(' ')
                    .append(InertText.of(finding.message()))
                    .append('\n');
            if (finding.level() != Level.OK) {
                text.append(" ".repeat(LEVEL + CHECK + 1))
                        .append(" fix: ")
                        .append(InertText.of(String.valueOf(finding.fix())))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
