/**
 * Which validated trials should trade.
 *
 * <p>{@link io.pipelinev2.deploy.ranking.Leaderboard} is a pure function from how things stand to what should be decided;
 * {@link io.pipelinev2.deploy.ranking.Standings} reads how things stand out of the store.
 */
@NullMarked
package io.pipelinev2.deploy.ranking;

import org.jspecify.annotations.NullMarked;
