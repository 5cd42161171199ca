package io.pipelinev2.runner.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.logging.RunnerLogCode;
import io.pipelinev2.runner.view.Json;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered where. */
final class Routes {

    private static final Logger log = LoggerFactory.getLogger(Routes.class);
    private static final String REFRESH_OFF = "off";

    private final Cached<PipelineStatus> status;
    private final Cached<Board> board;
    private final DashboardSettings settings;
    private final Clock clock;
    private final @Nullable HomeOrders orders;

    /** @param orders which orders the home's traders may give, or null if there is no home */
    Routes(
            Cached<PipelineStatus> status,
            Cached<Board> board,
            DashboardSettings settings,
            Clock clock,
            @Nullable HomeOrders orders) {
        this.orders = orders;
        this.status = status;
        this.board = board;
        this.settings = settings;
        this.clock = clock;
    }

    void register(RoutesConfig routes) {
        get(routes, "/status", ctx -> json(ctx, new StatusAnswer(status.get()).json(position())));
        // Whether the process lives; deliberately without a look at anything else.
        get(routes, "/livez", ctx -> json(ctx, Map.of("status", "alive")));
        get(routes, "/readyz", this::ready);
        get(routes, "/", this::page);
        get(routes, "/api/v1/trials", ctx -> rows(ctx, all -> all.trials().json()));
        get(
                routes,
                "/api/v1/deployments",
                ctx -> rows(ctx, all -> all.deployments().json()));
        if (orders != null) {
            OrderSwitch changes = new OrderSwitch(orders, new AllowedHosts(settings.host()), settings.readOnly());
            routes.post(OrderSwitch.HALT, changes::halt);
            routes.post(OrderSwitch.RESUME, changes::resume);
        }
        asset(routes, Asset.STYLE);
        asset(routes, Asset.ICON);
        routes.exception(Exception.class, Routes::failed);
        routes.error(404, Routes::notFound);
    }

    private KillSwitch.@Nullable Position position() {
        return orders == null ? null : orders.position();
    }

    private void ready(Context ctx) {
        String objection = new StatusAnswer(status.get()).notReady();
        if (objection == null) {
            json(ctx, Map.of("status", "ready"));
        } else {
            problem(ctx, Problem.of(503, objection));
        }
    }

    private void page(Context ctx) {
        boolean refreshing = !REFRESH_OFF.equals(ctx.queryParam("refresh"));
        ctx.contentType("text/html; charset=utf-8");
        ctx.result(new DashboardPage(status.get(), board.get(), position(), settings, clock.now(), refreshing).html());
    }

    private void rows(Context ctx, Function<Board, Map<String, @Nullable Object>> part) {
        Snapshot<Board> snapshot = board.get();
        Board value = snapshot.value();
        if (value == null) {
            problem(ctx, Problem.of(503, String.valueOf(snapshot.trouble())));
            return;
        }
        // The body's keys are a contract, so the age stands in a header, by the name that caches use for it.
        ctx.header("Age", Long.toString(snapshot.age().toSeconds()));
        json(ctx, part.apply(value));
    }

    private static void asset(RoutesConfig routes, Asset asset) {
        get(routes, asset.path(), ctx -> {
            ctx.contentType(asset.mediaType());
            ctx.header("Cache-Control", "max-age=86400");
            ctx.result(asset.content());
        });
    }

    /** Javalin would answer HEAD with 200 for whatever has a GET, without running it. */
    private static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void notFound(Context ctx) {
        problem(
                ctx,
                Problem.of(
                        404,
                        "There is nothing at this address. Try /, /status, /api/v1/trials or /api/v1/deployments."));
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
        problem(
                ctx,
                Problem.of(500, "Something went wrong here. The log says what, under reference " + reference + "."));
    }

    private static void json(Context ctx, Map<String, ? extends @Nullable Object> body) {
        ctx.contentType("application/json");
        ctx.result(Json.compact(body));
    }

    private static void problem(Context ctx, Problem problem) {
        ctx.status(problem.status());
        ctx.contentType(Problem.MEDIA_TYPE);
        ctx.result(problem.json());
    }
}
