/** What was read, drawn: charts that need no script to be seen, and whose figures can be had without seeing them. */
@NullMarked
package io.pipelinev2.runner.http.chart;

import org.jspecify.annotations.NullMarked;
