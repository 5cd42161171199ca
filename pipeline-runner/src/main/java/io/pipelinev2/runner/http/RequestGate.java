package io.pipelinev2.runner.http;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before all routes, known and unknown: puts the security headers on the answer, and refuses what was not meant
 * for this server, or would change something at an address where nothing can be changed.
 */
final class RequestGate extends Handler.Wrapper {

    private static final List<String> READING = List.of("GET", "HEAD");
    private static final List<String> CHANGING = List.of("POST");

    private final AllowedHosts hosts;
    private final Set<String> changing;

    /** @param changing the paths at which something is changed */
    RequestGate(AllowedHosts hosts, Set<String> changing) {
        this.hosts = hosts;
        this.changing = Set.copyOf(changing);
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
        Problems.send(objection, response, callback);
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
                            + " in the configuration to the name that you use.");
        }
        List<String> methods = methods(request);
        if (!methods.contains(request.getMethod())) {
            return Problem.of(
                    405,
                    "Only " + String.join(" and ", methods)
                            + (methods.equals(READING)
                                    ? " are answered here. To change something, use the command line."
                                    : " is answered here."));
        }
        return null;
    }

    private List<String> methods(Request request) {
        return changing.contains(Request.getPathInContext(request)) ? CHANGING : READING;
    }

    /** A request line may name a host itself (GET http://name/ HTTP/1.1), which then counts. */
    private boolean targetPermitted(Request request) {
        String authority = request.getHttpURI().getAuthority();
        return authority == null || hosts.permit(authority);
    }
}
