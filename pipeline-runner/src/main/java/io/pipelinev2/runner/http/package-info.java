/**
 * The dashboard's server, which binds together what the packages below it hold. A request passes
 * {@link io.pipelinev2.runner.http.RequestGate} first, then {@link io.pipelinev2.runner.http.Routes} asks who may do it, and
 * hands it to its endpoint; {@link io.pipelinev2.runner.http.DashboardServer} lists all of those. Where to look:
 *
 * <ul>
 *   <li>{@code problem}: what an answer says when something is wrong;
 *   <li>{@code access}: who may do what;
 *   <li>{@code exchange}: one request and its endpoint;
 *   <li>{@code reading} and {@code logs}: what is read to be shown, and how often;
 *   <li>{@code html} and {@code chart}: what pages are made of;
 *   <li>{@code action}: what operators do;
 *   <li>{@code api}: the answers in JSON;
 *   <li>{@code frame}: what all pages have around what they show;
 *   <li>{@code page} and {@code overview}: the pages.
 * </ul>
 *
 * <p>None knows one that stands below it in this list, nor this one; {@code HttpArchitectureTest} says which others it may. The files that
 * browsers load lie beside the classes of this package in the program.
 */
@NullMarked
package io.pipelinev2.runner.http;

import org.jspecify.annotations.NullMarked;
