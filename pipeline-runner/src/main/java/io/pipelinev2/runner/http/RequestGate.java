package io.pipelinev2.runner.http;

import io.pipelinev2.runner.http.access.AllowedHosts;
import io.pipelinev2.runner.http.api.OpenApiDocument;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before all routes, known and unknown: puts the security headers on the answer, and refuses what was not meant
 * for this server, or would change something at an address where nothing can be changed, or brings more than is ever
 * needed. All of that before a thread waits for a body.
 */
final class RequestGate extends Handler.Wrapper {

    /** The largest body that is taken. */
    static final long MOST_BYTES = 64 * 1024;

    private static final List<String> READING = List.of("GET", "HEAD");

    private final AllowedHosts hosts;
    private final List<Place> places;

    private record Place(Pattern path, String method) {}

    RequestGate(AllowedHosts hosts, List<Endpoint> endpoints) {
        this.hosts = hosts;
        this.places = endpoints.stream()
                .map(endpoint -> new Place(endpoint.pattern(), endpoint.method()))
                .toList();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        SecurityHeaders.putInto(response.getHeaders());
        Problem objection = objection(request);
        if (objection == null) {
            return super.handle(request, response, callback);
        }
        if (objection.status() == 405) {
            response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods(request)));
        }
        if (objection.status() == 413 || objection.status() == 411) {
            // what is still to come is not read
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Problems.send(objection, request, response, callback);
        return true;
    }

    private @Nullable Problem objection(Request request) {
        List<String> given = request.getHeaders().getValuesList(HttpHeader.HOST);
        if (given.size() != 1 || given.get(0).isBlank()) {
            return Problem.of(
                    400, "A request must have exactly one Host header. Use an HTTP/1.1 client, which sends one.");
        }
        if (!hosts.permit(given.get(0)) || !targetPermitted(request)) {
            return Problem.of(
                    403,
                    "The Host of this request is not one of this server's names, which can mean that a foreign page"
                            + " tries to read it (DNS rebinding). Open it as localhost or 127.0.0.1, or set http.host"
                            + " in the configuration to the name that you use, or add it to http.names.");
        }
        List<String> methods = methods(request);
        if (!methods.contains(request.getMethod())) {
            return Problem.of(
                    405,
                    "Only " + String.join(" and ", methods)
                            + (methods.equals(READING)
                                    ? " are answered here. To change something, use the command line or the addresses that "
                                            + OpenApiDocument.PATH + " lists."
                                    : " is answered here."));
        }
        return body(request);
    }

    private static @Nullable Problem body(Request request) {
        long length = request.getLength();
        if (length > MOST_BYTES) {
            return Problem.of(
                    413, "The body may have " + MOST_BYTES + " bytes at most, and was said to have " + length + ".");
        }
        boolean changes = !READING.contains(request.getMethod());
        boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        // with neither header there is no body, which is fine for a halt
        if (changes && chunked) {
            return Problem.of(411, "The request must say how long its body is (Content-Length).");
        }
        if (!changes && (length > 0 || chunked)) {
            return Problem.of(400, "A request that only reads has no body.");
        }
        return null;
    }

    private List<String> methods(Request request) {
        String path = Request.getPathInContext(request);
        List<String> methods = new ArrayList<>();
        for (Place place : places) {
            if (place.path().matcher(path).matches()) {
                methods.addAll(place.method().equals("GET") ? READING : List.of(place.method()));
            }
        }
        return methods.isEmpty() ? READING : methods;
    }

    /** A request line may name a host itself (GET http://name/ HTTP/1.1), which then counts. */
    private boolean targetPermitted(Request request) {
        String authority = request.getHttpURI().getAuthority();
        return authority == null || hosts.permit(authority);
    }
}
