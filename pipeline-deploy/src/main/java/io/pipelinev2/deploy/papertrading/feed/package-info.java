/**
 * Where a trader's bars come from: recorded ones at a pace, a file that grows, or an endpoint that is polled. A feed gives
 * complete bars in order, each once; what it cannot give it says in words.
 */
@NullMarked
package io.pipelinev2.deploy.papertrading.feed;

import org.jspecify.annotations.NullMarked;
