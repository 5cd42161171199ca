package io.pipelinev2.runner.cli;

import java.util.Optional;

/**
 * What a text is laid out for.
 *
 * @param width the columns of the terminal, or none if it goes into a file or a pipe
 * @param coloured whether colours are wanted
 */
record Page(Optional<Integer> width, boolean coloured) {

    /** A word that says how something is, in the colour that suits it. */
    String state(String word) {
        return coloured ? Paint.of(word).on(word) : word;
    }
}
