package io.pipelinev2.runner.http.frame;

import io.javalin.http.Context;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A static file that comes with the program.
 *
 * @param path where it is served
 * @param mediaType what it is
 * @param content its bytes
 * @param zipped the same, made smaller
 * @param version what tells this content from any other
 */
public record Asset(String path, String mediaType, byte[] content, byte[] zipped, String version) {

    public static final Asset STYLE = load("dashboard.css", "text/css; charset=utf-8");
    public static final Asset ICON = load("icon.svg", "image/svg+xml");

    /** Run before the page is shown, so that it is never shown in the wrong theme. */
    public static final Asset THEME = load("theme.js", "text/javascript; charset=utf-8");

    public static final Asset SCRIPT = load("dashboard.js", "text/javascript; charset=utf-8");
    public static final Asset CHARTS = load("charts.js", "text/javascript; charset=utf-8");
    public static final Asset HTMX = load("vendor/htmx-2.0.11.min.js", "text/javascript; charset=utf-8");
    public static final Asset UPLOT = load("vendor/uplot-1.6.32.iife.min.js", "text/javascript; charset=utf-8");
    public static final Asset UPLOT_STYLE = load("vendor/uplot-1.6.32.min.css", "text/css; charset=utf-8");

    /** Where all of them lie in the program. */
    private static final String DIRECTORY = "/io/pipelinev2/runner/http/";

    private static final String FOR_GOOD = "max-age=31536000, immutable";
    private static final String ASK_FIRST = "no-cache";

    private static Asset load(String file, String mediaType) {
        try (InputStream in = Asset.class.getResourceAsStream(DIRECTORY + file)) {
            if (in == null) {
                throw new IllegalStateException("the program was packed without " + file + "; build it again");
            }
            byte[] content = in.readAllBytes();
            String version = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 16);
            return new Asset("/assets/" + file, mediaType, content, zipped(content), version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    /** Its address in pages: it changes with the content, so that a browser may keep what it has. */
    String href() {
        return path + "?v=" + version;
    }

    public Endpoint endpoint(String id) {
        return Endpoint.get(
                path,
                id,
                "A part of the dashboard.",
                Access.OPEN,
                List.of(Parameter.text("v", "Which version of it.")),
                Endpoint.Answer.of(mediaType),
                this::answer);
    }

    private void answer(Asked asked) {
        Context ctx = asked.ctx();
        boolean zips = zips(ctx.header("Accept-Encoding"));
        // the two forms differ byte by byte, so a strong tag must tell them apart
        String tag = "\"" + version + (zips ? "-gzip" : "") + "\"";
        ctx.header("ETag", tag);
        ctx.header("Vary", "Accept-Encoding");
        // under another version's address this content must not be kept
        ctx.header("Cache-Control", version.equals(asked.query("v")) ? FOR_GOOD : ASK_FIRST);
        if (matches(ctx.header("If-None-Match"), tag)) {
            ctx.status(304);
            return;
        }
        ctx.contentType(mediaType);
        if (zips) {
            ctx.header("Content-Encoding", "gzip");
        }
        ctx.result(zips ? zipped : content);
    }

    private static boolean zips(@Nullable String accepted) {
        return accepted != null
                && Arrays.stream(accepted.split(",", -1)).map(String::strip).anyMatch("gzip"::equals);
    }

    /** Whether a client has what this tag marks, by its {@code If-None-Match}; whether weak or strong makes no difference. */
    static boolean matches(@Nullable String known, String tag) {
        String strong = opaque(tag);
        return known != null
                && Arrays.stream(known.split(",", -1))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || opaque(each).equals(strong));
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
