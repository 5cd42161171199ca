package io.pipelinev2.runner.http.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.http.ServedDashboard;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages are made of beside themselves: the works of others unchanged and with their licences, and kept by browsers. */
class AssetTest {

    private static final List<String> OF_OTHERS = List.of(
            "htmx-2.0.11.min.js",
            "uplot-1.6.32.iife.min.js",
            "uplot-1.6.32.min.css",
            "htmx-LICENSE.txt",
            "uplot-LICENSE.txt");

    static List<Asset> all() {
        return List.of(
                Asset.STYLE,
                Asset.ICON,
                Asset.THEME,
                Asset.SCRIPT,
                Asset.CHARTS,
                Asset.HTMX,
                Asset.UPLOT,
                Asset.UPLOT_STYLE);
    }

    private static byte[] packed(String name) throws IOException {
        try (InputStream in = Asset.class.getResourceAsStream("/io/pipelinev2/runner/http/vendor/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void the_works_of_others_are_what_they_were_when_they_were_taken() throws Exception {
        StringBuilder sums = new StringBuilder();
        for (String name : OF_OTHERS) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(packed(name));
            sums.append(HexFormat.of().formatHex(digest))
                    .append("  ")
                    .append(name)
                    .append('\n');
        }

        assertThat(sums).hasToString(new String(packed("SHA256SUMS"), StandardCharsets.UTF_8));
    }

    @Test
    void their_licences_come_along_and_the_notice_names_them() throws Exception {
        String notice = Files.readString(Path.of("..", "NOTICE"));

        assertThat(notice).contains(OF_OTHERS);
        assertThat(new String(packed("htmx-LICENSE.txt"), StandardCharsets.UTF_8))
                .contains("Zero-Clause BSD");
        assertThat(new String(packed("uplot-LICENSE.txt"), StandardCharsets.UTF_8))
                .contains("The MIT License", "Leon Sorokin");
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_browser_keeps_what_it_has_for_as_long_as_it_is_the_same(Asset asset) throws Exception {
        try (ServedDashboard served = new ServedDashboard()) {
            HttpResponse<byte[]> first = get(served, asset.href());

            assertThat(first.body()).isEqualTo(asset.content());
            assertThat(first.headers().firstValue("Content-Type")).hasValue(asset.mediaType());
            assertThat(first.headers().allValues("Cache-Control")).containsExactly("max-age=31536000, immutable");
            String tag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(tag).startsWith("\"");
            assertThat(get(served, asset.path(), "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(get(served, asset.path() + "?v=0123", "If-None-Match", "\"old\"")
                            .headers()
                            .allValues("Cache-Control"))
                    .containsExactly("no-cache");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void it_is_sent_small_to_whoever_can_unfold_it(Asset asset) throws Exception {
        try (ServedDashboard served = new ServedDashboard()) {
            HttpResponse<byte[]> zipped = get(served, asset.href(), "Accept-Encoding", "br, gzip");

            assertThat(zipped.headers().allValues("Content-Encoding")).containsExactly("gzip");
            assertThat(zipped.headers().firstValue("Vary")).hasValue("Accept-Encoding");
            assertThat(zipped.headers().firstValue("ETag"))
                    .isNotEqualTo(get(served, asset.href()).headers().firstValue("ETag"));
            assertThat(new GZIPInputStream(new java.io.ByteArrayInputStream(zipped.body())).readAllBytes())
                    .isEqualTo(asset.content());
        }
    }

    private static HttpResponse<byte[]> get(ServedDashboard served, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
