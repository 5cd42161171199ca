package io.pipelinev2.runner.http.problem;

import io.pipelinev2.runner.view.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An error in the form of RFC 9457.
 *
 * @param status the HTTP status
 * @param code what kind of thing went wrong, for programs: it does not change
 * @param title the same for people
 * @param detail what went wrong, the rule, and the next step
 */
public record Problem(int status, String code, String title, String detail) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** What every problem of this server may be. */
    public enum Kind {
        BAD_REQUEST(400, "Bad request"),
        UNAUTHORIZED(401, "Token needed"),
        FORBIDDEN(403, "Forbidden"),
        NOT_FOUND(404, "Not found"),
        METHOD_NOT_ALLOWED(405, "Method not allowed"),
        CONFLICT(409, "Refused as things stand"),
        LENGTH_REQUIRED(411, "Length required"),
        CONTENT_TOO_LARGE(413, "Content too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
        KEY_REUSED(422, "Idempotency key used for something else"),
        TOO_MANY_REQUESTS(429, "Too many wrong tokens"),
        NOT_READY(503, "Not ready");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }
    }

    public static Problem of(int status, String detail) {
        for (Kind kind : Kind.values()) {
            if (kind.status == status) {
                return new Problem(status, kind.name().toLowerCase(Locale.ROOT), kind.title, detail);
            }
        }
        return status < 500
                ? new Problem(status, "refused", "Request refused", detail)
                : new Problem(status, "internal_error", "Internal error", detail);
    }

    /** The row that was to be changed is not any more what the caller saw. */
    public static Problem movedOn(String detail) {
        return new Problem(409, "version_conflict", "Moved on meanwhile", detail);
    }

    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "about:blank");
        json.put("title", title);
        json.put("status", status);
        json.put("detail", detail);
        json.put("code", code);
        return Json.compact(json);
    }
}
