package io.pipelinev2.core.store;

/**
 * What series were measured on. As long as no series on that basis is added, replaced or taken away, two of these are equal;
 * after that they differ. A series that takes the place of another has a greater id, but need not have the greatest of all:
 * transactions may end in another order than they began in. So the sum tells what the greatest id does not.
 *
 * @param basis as in {@link io.pipelinev2.core.stage.Series#basis}
 * @param count how many series of one name were measured on it
 * @param latest the greatest of their ids
 * @param sum of their ids
 */
public record SeriesBasis(String basis, int count, long latest, long sum) {}
