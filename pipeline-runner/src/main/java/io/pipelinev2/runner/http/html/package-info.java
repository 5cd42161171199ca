/**
 * What pages are written with: elements whose text can be nothing but text, tables, icons, chips, and how figures and times are
 * put. It knows nothing of requests.
 */
@NullMarked
package io.pipelinev2.runner.http.html;

import org.jspecify.annotations.NullMarked;
