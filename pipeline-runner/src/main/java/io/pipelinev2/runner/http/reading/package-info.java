/**
 * What is read of the state to be shown. Whatever all pages need is {@link io.pipelinev2.runner.http.reading.Cached}, so that
 * a locked database delays the news and not the answer; what is read for one request alone passes a
 * {@link io.pipelinev2.runner.http.reading.Bulkhead}.
 */
@NullMarked
package io.pipelinev2.runner.http.reading;

import org.jspecify.annotations.NullMarked;
