/** The end of a log, however large it is and while it is written to and set aside. */
@NullMarked
package io.pipelinev2.runner.http.logs;

import org.jspecify.annotations.NullMarked;
