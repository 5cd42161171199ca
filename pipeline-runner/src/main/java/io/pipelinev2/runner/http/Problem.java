package io.pipelinev2.runner.http;

import io.pipelinev2.runner.view.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error in the form of RFC 9457.
 *
 * @param status the HTTP status
 * @param title what kind of thing went wrong
 * @param detail what went wrong, the rule, and the next step
 */
record Problem(int status, String title, String detail) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String detail) {
        return new Problem(status, title(status), detail);
    }

    static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 411 -> "Length required";
            case 413 -> "Content too large";
            case 415 -> "Unsupported media type";
            case 503 -> "Not ready";
            default -> status < 500 ? "Request refused" : "Internal error";
        };
    }

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "about:blank");
        json.put("title", title);
        json.put("status", status);
        json.put("detail", detail);
        return Json.compact(json);
    }
}
