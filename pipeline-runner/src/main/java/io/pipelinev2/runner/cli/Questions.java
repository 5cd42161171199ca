package io.pipelinev2.runner.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

/** Asks whoever sits at the terminal, if somebody does; else takes what is usual. */
final class Questions {

    private final PrintWriter out;
    private final boolean asks;
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));

    Questions(PrintWriter out, boolean asks) {
        this.out = out;
        this.asks = asks;
    }

    /** @return the answer, or what is usual if there is none */
    String ask(String question, String usual) {
        if (!asks) {
            return usual;
        }
        out.print(question + " [" + usual + "] ");
        out.flush();
        try {
            String answer = in.readLine();
            return answer == null || answer.isBlank() ? usual : answer.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
