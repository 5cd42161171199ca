/**
 * The service interface of a stage, what it is given, what it may answer, and the states its work goes through.
 */
@NullMarked
package io.pipelinev2.core.stage;

import org.jspecify.annotations.NullMarked;
