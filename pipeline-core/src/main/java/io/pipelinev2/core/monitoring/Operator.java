package io.pipelinev2.core.monitoring;

/**
 * Who asks for something, and from where.
 *
 * @param name the user's name
 * @param origin {@code cli}, {@code api}, or the name of the embedding application
 */
public record Operator(String name, String origin) {}
