/**
 * One request and where it is answered: an {@link io.pipelinev2.runner.http.exchange.Endpoint} says what may be asked for, and
 * is given an {@link io.pipelinev2.runner.http.exchange.Asked}, which holds nothing else.
 */
@NullMarked
package io.pipelinev2.runner.http.exchange;

import org.jspecify.annotations.NullMarked;
