/** What an answer says when something is wrong: one form for programs and pages alike. It knows nobody. */
@NullMarked
package io.pipelinev2.runner.http.problem;

import org.jspecify.annotations.NullMarked;
