/** Makes a home where there is none: a commented configuration, private directories, a token, and a unit file on request. */
@NullMarked
package io.pipelinev2.runner.init;

import org.jspecify.annotations.NullMarked;
