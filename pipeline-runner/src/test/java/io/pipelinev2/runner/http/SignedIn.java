package io.pipelinev2.runner.http;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Somebody who has signed in, and reads pages and sends their forms as a browser without scripts does; for tests. */
public final class SignedIn {

    /** The media type of what a form sends. */
    public static final String FORM = "application/x-www-form-urlencoded";

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");

    private final ServedHome home;
    private final String cookie;

    private SignedIn(ServedHome home, String cookie) {
        this.home = home;
        this.cookie = cookie;
    }

    public static SignedIn asOwner(ServedHome home) throws Exception {
        return by(home.token(), home);
    }

    public static SignedIn by(String token, ServedHome home) throws Exception {
        return new SignedIn(
                home,
                home.postAsIs("/login", "token=" + token, "Content-Type", FORM)
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow()
                        .split(";")[0]);
    }

    /** What the browser shows with each request. */
    public String cookie() {
        return cookie;
    }

    public HttpResponse<String> get(String path) throws Exception {
        return home.get(path, "Cookie", cookie);
    }

    /** Sends a form: its hidden fields, and what somebody typed. */
    public HttpResponse<String> send(String path, String fields, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", FORM, "Cookie", cookie));
        all.addAll(Arrays.asList(headers));
        return home.postAsIs(path, fields, all.toArray(String[]::new));
    }

    /** The hidden fields of the forms of a page, and these beside them, as they are sent. */
    public static String fields(HttpResponse<String> page, String... typed) {
        List<String> fields = new ArrayList<>();
        for (MatchResult hidden : HIDDEN.matcher(page.body()).results().toList()) {
            fields.add(hidden.group(1) + "=" + encoded(hidden.group(2).replace("&amp;", "&")));
        }
        fields.addAll(Arrays.asList(typed));
        return String.join("&", fields);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
