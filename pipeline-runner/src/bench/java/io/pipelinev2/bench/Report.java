package io.pipelinev2.bench;

import java.io.PrintStream;

/** A Markdown table that is printed row by row, so that a run that is ended early has said something. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out, String machine) {
        this.out = out;
        out.printf("%s.%n%n| what | figure |%n|---|---|%n", machine);
    }

    void row(String what, String figure) {
        // in one piece: it may share the terminal with the progress
        out.println("| " + what + " | " + figure + " |");
        out.flush();
    }
}
