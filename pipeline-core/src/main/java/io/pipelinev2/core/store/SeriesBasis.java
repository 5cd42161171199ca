package io.pipelinev2.core.store;

/**
 * What series were measured on. Two of these are equal if and only if no series on that basis was added, replaced or taken
 * away in between.
 *
 * @param basis as in {@link io.pipelinev2.core.stage.Series#basis}
 * @param count how many series of one name were measured on it
 * @param latest the id of the one that was measured last; a series that takes the place of another has a new id
 */
public record SeriesBasis(String basis, int count, long latest) {}
