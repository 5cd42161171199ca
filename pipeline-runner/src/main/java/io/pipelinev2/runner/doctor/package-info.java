/**
 * Looks for everything that can be wrong with a home and the machine that it is on, and says how to mend it. One class a
 * question; nothing is changed by looking.
 */
@NullMarked
package io.pipelinev2.runner.doctor;

import org.jspecify.annotations.NullMarked;
