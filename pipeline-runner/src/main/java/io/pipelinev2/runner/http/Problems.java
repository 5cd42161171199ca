package io.pipelinev2.runner.http;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.frame.ErrorPage;
import io.pipelinev2.runner.http.problem.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers with a {@link Problem}: a page where a browser asks for one, JSON elsewhere. As Jetty's own it also does so where
 * requests fail before they reach a route, malformed ones for instance.
 */
final class Problems extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        SecurityHeaders.putInto(response.getHeaders());
        send(
                Problem.of(status, "The request could not be answered. Check its address and headers."),
                request,
                response,
                callback);
        return true;
    }

    static void answer(Context ctx, Problem problem) {
        ctx.status(problem.status());
        boolean asPage = ErrorPage.isFor(ctx.header("Accept"), ctx.path());
        ctx.contentType(asPage ? ErrorPage.MEDIA_TYPE : Problem.MEDIA_TYPE);
        ctx.result(asPage ? ErrorPage.html(problem) : problem.json());
    }

    static void send(Problem problem, Request request, Response response, Callback callback) {
        boolean asPage =
                ErrorPage.isFor(request.getHeaders().get(HttpHeader.ACCEPT), Request.getPathInContext(request));
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, asPage ? ErrorPage.MEDIA_TYPE : Problem.MEDIA_TYPE);
        Content.Sink.write(response, true, asPage ? ErrorPage.html(problem) : problem.json(), callback);
    }
}
