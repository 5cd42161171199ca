package io.pipelinev2.runner.http.html;

/**
 * A part of a page. There are only {@link Element} and {@link Text}, and neither takes markup: what is not a literal
 * name in this package's sources is escaped, always.
 */
public sealed interface Node permits Element, Text {

    void appendTo(StringBuilder out);
}
