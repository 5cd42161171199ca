package io.pipelinev2.runner.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** The headers that every answer carries. None allows other origins anything: there is no CORS. */
final class SecurityHeaders {

    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self';"
            + " style-src 'self'; img-src 'self';"
            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            // A static file says otherwise.
            "Cache-Control", "no-store");

    private SecurityHeaders() {}

    static void putInto(HttpFields.Mutable headers) {
        ALL.forEach(headers::put);
    }
}
