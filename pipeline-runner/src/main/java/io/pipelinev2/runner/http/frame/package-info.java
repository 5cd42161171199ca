/**
 * What all pages have around what they show: head and navigation, the notices above everything, how they keep themselves up to
 * date, the files that browsers load with them, and the two pages that can be seen by everybody, one to sign in and one that
 * says what went wrong.
 */
@NullMarked
package io.pipelinev2.runner.http.frame;

import org.jspecify.annotations.NullMarked;
