package io.pipelinev2.runner.http;

import io.javalin.http.Context;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.runner.logging.RunnerLogCode;
import io.pipelinev2.runner.view.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Halts and resumes the orders of all traders over HTTP. There is no access token yet, so whoever can reach this machine's
 * loopback may do it; but no web page can: its requests would need a header and a media type that browsers do not send
 * elsewhere without asking first, and asking ({@code OPTIONS}) is refused.
 */
final class OrderSwitch {

    /** The header without which nothing is changed, whatever its value. */
    static final String HEADER = "X-Pipeline-Request";

    static final String HALT = "/api/halt";
    static final String RESUME = "/api/resume";

    private static final Logger log = LoggerFactory.getLogger(OrderSwitch.class);
    private static final Operator CALLER = new Operator("http", "api");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};
    private static final int MOST_BYTES = 8 * 1024;
    private static final int LONGEST_REASON = 1_000;

    private final HomeOrders orders;
    private final AllowedHosts hosts;
    private final boolean readOnly;

    OrderSwitch(HomeOrders orders, AllowedHosts hosts, boolean readOnly) {
        this.orders = orders;
        this.hosts = hosts;
        this.readOnly = readOnly;
    }

    /** A request that is not carried out, and why. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        Refusal(int status, String detail) {
            super(detail);
            this.problem = Problem.of(status, detail);
        }
    }

    void halt(Context ctx) {
        answer(ctx, Set.of("state", "reason"), body -> orders.halt(state(body), reason(body), CALLER));
    }

    void resume(Context ctx) {
        answer(ctx, Set.of("reason"), body -> orders.resume(reason(body), CALLER));
    }

    private interface Verb {
        String carryOut(Map<String, @Nullable Object> body);
    }

    private void answer(Context ctx, Set<String> keys, Verb verb) {
        try {
            requireAllowed(ctx);
            String done = verb.carryOut(body(ctx, keys));
            log.info("{} over HTTP: {}", ctx.path(), done);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("orders", orders.position().orders().label());
            json.put("message", done);
            json.put("mode", "PAPER");
            ctx.contentType("application/json");
            ctx.result(Json.compact(json));
        } catch (Refusal refusal) {
            send(ctx, refusal.problem);
        } catch (PipelineException e) {
            log.error(RunnerLogCode.REQUEST_FAILED, "{} over HTTP failed", ctx.path(), e);
            send(
                    ctx,
                    Problem.of(
                            503,
                            e.getMessage() + " Orders are "
                                    + orders.position().orders().label() + " now."));
        }
    }

    private static void send(Context ctx, Problem problem) {
        ctx.status(problem.status());
        ctx.contentType(Problem.MEDIA_TYPE);
        ctx.result(problem.json());
    }

    private void requireAllowed(Context ctx) {
        if (readOnly) {
            throw new Refusal(
                    403,
                    "This server is read-only (http.read_only). Use the command line, or make the file state/KILL.");
        }
        String origin = ctx.header("Origin");
        String site = ctx.header("Sec-Fetch-Site");
        boolean ofAPage = origin != null && !hosts.permit(origin.replaceFirst("^[a-z]+://", ""));
        if (ofAPage || !(site == null || site.equals("same-origin") || site.equals("none"))) {
            throw new Refusal(403, "This request comes from a page of another site. Nothing was changed.");
        }
        if (ctx.header(HEADER) == null) {
            throw new Refusal(
                    403,
                    "A request that changes something needs the header " + HEADER
                            + ": 1, which no page of another site can send.");
        }
        String type = ctx.contentType();
        if (type == null
                || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new Refusal(415, "The body must be JSON, sent as Content-Type: application/json.");
        }
    }

    private static Map<String, @Nullable Object> body(Context ctx, Set<String> keys) {
        int length = ctx.contentLength();
        if (length < 0) {
            throw new Refusal(411, "The request must say how long its body is (Content-Length).");
        }
        if (length > MOST_BYTES) {
            throw new Refusal(413, "The body may have " + MOST_BYTES + " bytes at most, and had " + length + ".");
        }
        Map<String, @Nullable Object> body = parse(ctx.bodyAsBytes());
        for (String key : body.keySet()) {
            if (!keys.contains(key)) {
                throw new Refusal(
                        400,
                        "The body may have the keys " + keys.stream().sorted().toList() + " alone.");
            }
        }
        return body;
    }

    private static Map<String, @Nullable Object> parse(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        try {
            @Nullable Map<String, @Nullable Object> body = JSON.readValue(bytes, OBJECT);
            if (body != null) {
                return body;
            }
        } catch (JacksonException e) {
            // words of the parser may quote the body; the position is all that helps
            log.debug("a body that is no JSON object", e);
        }
        throw new Refusal(400, "The body must be one JSON object, such as {\"state\":\"halted\",\"reason\":\"why\"}.");
    }

    private static TradingState state(Map<String, @Nullable Object> body) {
        Object state = body.getOrDefault("state", TradingState.HALTED.label());
        for (TradingState each : new TradingState[] {TradingState.HALTED, TradingState.REDUCING}) {
            if (each.label().equals(state)) {
                return each;
            }
        }
        throw new Refusal(
                400,
                "state must be \"halted\" (no orders) or \"reducing\" (sales only). To end it, POST " + RESUME + ".");
    }

    private static String reason(Map<String, @Nullable Object> body) {
        Object reason = body.getOrDefault("reason", "");
        if (!(reason instanceof String text) || text.length() > LONGEST_REASON) {
            throw new Refusal(400, "reason must be text of " + LONGEST_REASON + " characters at most.");
        }
        return text;
    }
}
