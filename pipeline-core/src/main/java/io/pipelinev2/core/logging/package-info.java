/**
 * What log lines carry besides their words: what they are about, and a code by which somebody can look up what to do. It
 * is made of SLF4J alone, so that a program that embeds the pipeline keeps its own logging, and finds the same in it.
 */
@NullMarked
package io.pipelinev2.core.logging;

import org.jspecify.annotations.NullMarked;
