/**
 * The status endpoint and the dashboard. Everything here reads; nothing changes the state. The page is plain HTML made
 * on the server, without a script, and works in any browser. Requests never wait for the database: they are answered
 * from a snapshot that says how old it is. Every request passes {@link io.pipelinev2.runner.http.RequestGate} first.
 */
@NullMarked
package io.pipelinev2.runner.http;

import org.jspecify.annotations.NullMarked;
