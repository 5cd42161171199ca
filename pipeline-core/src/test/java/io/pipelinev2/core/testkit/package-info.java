/**
 * For tests of stages, stores and pipelines, your own included: a pipeline whose clock stands still until a test moves it,
 * assertions that read like sentences, and a check that nothing impossible is left behind. Published as the test-jar of
 * pipeline-core.
 */
@NullMarked
package io.pipelinev2.core.testkit;

import org.jspecify.annotations.NullMarked;
