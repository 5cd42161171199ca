/**
 * The pages, one class for those of a kind: trials, deployments, logs, health, alerts, the audit, and those on which an operator
 * confirms what is to be done. A class named a section is a part of a page.
 */
@NullMarked
package io.pipelinev2.runner.http.page;

import org.jspecify.annotations.NullMarked;
