/**
 * What people and programs get to see of the store. The command line and HTTP read through the same views, so that they
 * cannot disagree: each view is taken from one consistent state of the store, holds plain values, and knows its JSON.
 */
@NullMarked
package io.pipelinev2.runner.view;

import org.jspecify.annotations.NullMarked;
