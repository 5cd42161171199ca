/** The addresses that are answered in JSON, and the document that describes all there are. */
@NullMarked
package io.pipelinev2.runner.http.api;

import org.jspecify.annotations.NullMarked;
