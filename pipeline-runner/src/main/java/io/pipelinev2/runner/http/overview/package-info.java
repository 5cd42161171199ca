/**
 * The page at {@code /}: {@link io.pipelinev2.runner.http.overview.DashboardPage} puts together what wants a human first, how
 * far trials came and why the others did not, the best trials, and the deployments.
 */
@NullMarked
package io.pipelinev2.runner.http.overview;

import org.jspecify.annotations.NullMarked;
