package io.pipelinev2.runner.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.access.AccessRules;
import io.pipelinev2.runner.http.access.Caller;
import io.pipelinev2.runner.http.action.Actions;
import io.pipelinev2.runner.http.api.OpenApiDocument;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.frame.SignIn;
import io.pipelinev2.runner.http.problem.Problem;
import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.logging.RunnerLogCode;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered where: the endpoints, and what all of them have in common. */
final class Routes {

    private static final Logger log = LoggerFactory.getLogger(Routes.class);

    private static final String ROUTED = "routed";

    private final List<Endpoint> endpoints;
    private final AccessRules rules;

    Routes(List<Endpoint> endpoints, AccessRules rules) {
        this.endpoints = List.copyOf(endpoints);
        this.rules = rules;
    }

    void register(RoutesConfig routes) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.method().equals("POST")) {
                routes.post(endpoint.path(), ctx -> answer(ctx, endpoint));
            } else {
                // Javalin would answer HEAD with 200 for whatever has a GET, without running it.
                routes.get(endpoint.path(), ctx -> answer(ctx, endpoint));
                routes.head(endpoint.path(), ctx -> answer(ctx, endpoint));
            }
        }
        routes.exception(ProblemException.class, (refusal, ctx) -> Problems.answer(ctx, refusal.problem()));
        routes.exception(PipelineException.class, Routes::refused);
        routes.exception(Exception.class, Routes::failed);
        routes.error(404, Routes::notFound);
    }

    private void answer(Context ctx, Endpoint endpoint) throws Exception {
        ctx.attribute(ROUTED, true);
        Caller caller;
        try {
            caller = rules.admit(ctx, endpoint.access());
        } catch (ProblemException refusal) {
            if (refusal.problem().status() == 401 && isPage(ctx, endpoint)) {
                SignIn.sendThere(ctx);
                return;
            }
            throw refusal;
        }
        endpoint.handler().answer(Asked.of(ctx, endpoint, caller));
    }

    private static boolean isPage(Context ctx, Endpoint endpoint) {
        return endpoint.access() == Access.READ
                && endpoint.answer().mediaType().startsWith("text/html")
                && ctx.header("Authorization") == null;
    }

    private static void notFound(Context ctx) {
        // a route that answered so has said why
        if (ctx.attribute(ROUTED) == null) {
            Problems.answer(
                    ctx,
                    Problem.of(
                            404,
                            "There is nothing at this address. Try /, /status, /api/v1/trials, or "
                                    + OpenApiDocument.PATH + " for all there is."));
        }
    }

    private static void refused(PipelineException failure, Context ctx) {
        Problem problem = Actions.problem(failure);
        if (problem.status() >= 500) {
            log.error(RunnerLogCode.REQUEST_FAILED, "{} {} failed", ctx.method(), ctx.path(), failure);
        }
        Problems.answer(ctx, problem);
    }

    private static void failed(Exception failure, Context ctx) {
        String reference =
                HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
        log.error(
                RunnerLogCode.REQUEST_FAILED,
                "{} {} failed, reference {}",
                ctx.method(),
                ctx.path(),
                reference,
                failure);
        Problems.answer(
                ctx,
                Problem.of(500, "Something went wrong here. The log says what, under reference " + reference + "."));
    }
}
