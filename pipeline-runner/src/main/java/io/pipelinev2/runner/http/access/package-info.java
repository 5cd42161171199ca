/**
 * Who may do what: {@link io.pipelinev2.runner.http.access.AccessRules} admits a request by a token that it brings, or by the
 * session of a browser that has shown one. The tokens lie in files, see
 * {@link io.pipelinev2.runner.http.access.TokenFile}.
 */
@NullMarked
package io.pipelinev2.runner.http.access;

import org.jspecify.annotations.NullMarked;
