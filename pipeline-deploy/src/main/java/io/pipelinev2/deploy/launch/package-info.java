/**
 * Starting processes that outlive this one, and knowing them again.
 *
 * <p>A deployment's process is a session leader that holds the deployment's kernel lock for its whole life, so that there
 * is never a second one. It writes to a file, never to a pipe, so that it survives whoever started it; it is recognised
 * by boot id, pid, start time and a nonce in its environment, because a pid alone is given again to strangers.
 */
@NullMarked
package io.pipelinev2.deploy.launch;

import org.jspecify.annotations.NullMarked;
