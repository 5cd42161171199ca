package io.pipelinev2.runner.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.program.DemoDaemon;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All pages and forms that the daemon serves, by the document of its API, which another test holds to be complete. */
final class Site {

    private static final String DOCUMENT = "/api/v1/openapi.json";

    private final DemoDaemon daemon;
    private final JsonNode paths;

    private Site(DemoDaemon daemon, JsonNode paths) {
        this.daemon = daemon;
        this.paths = paths;
    }

    static Site of(DemoDaemon daemon) {
        return new Site(daemon, get(daemon, DOCUMENT).path("paths"));
    }

    private static JsonNode get(DemoDaemon daemon, String path) {
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(daemon.address() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What each form does, in words, by where it is sent. */
    Map<String, String> forms() {
        Map<String, String> forms = new TreeMap<>();
        paths.properties().forEach(path -> {
            if (isPage(path.getValue().path("post"))) {
                forms.put(
                        path.getKey(),
                        path.getValue().path("post").path("summary").asString());
            }
        });
        return forms;
    }

    /** The addresses of all pages, as they stand still, for each of these trials and for the newest deployment and alert. */
    Set<String> pages(List<Integer> trials) {
        // as it is looked at most, too: up to date
        Set<String> pages = new TreeSet<>(Set.of("/"));
        paths.properties().forEach(path -> {
            JsonNode page = path.getValue().path("get");
            if (isPage(page)) {
                // else it would load itself again under the eyes of who looks at it
                String still =
                        page.path("parameters").findValuesAsString("name").contains("refresh") ? "?refresh=off" : "";
                filled(path.getKey(), trials).forEach(address -> pages.add(address + still));
            }
        });
        return pages;
    }

    private static boolean isPage(JsonNode operation) {
        return operation.path("responses").path("200").path("content").propertyNames().stream()
                .anyMatch(type -> type.startsWith("text/html"));
    }

    private List<String> filled(String path, List<Integer> trials) {
        if (!path.contains("{")) {
            return List.of(path);
        }
        if (path.startsWith("/trials/{id}")) {
            // a page that asks before it acts is the same for all trials but for their names
            List<Integer> shown = path.contains("/actions/") ? trials.subList(0, 1) : trials;
            return shown.stream().flatMap(number -> ofTrial(path, number)).toList();
        }
        if (path.startsWith("/deployments/{id}")) {
            return List.of(path.replace("{id}", daemon.value("select max(id) from deployments")));
        }
        if (path.startsWith("/alerts/{id}")) {
            return List.of(path.replace("{id}", daemon.value("select max(id) from alerts")));
        }
        if (path.startsWith("/stages/{stage}")) {
            return List.of(path.replace("{stage}", "backtest"));
        }
        throw new AssertionError("It is not known here what stands in " + path + ". Teach this class.");
    }

    private Stream<String> ofTrial(String path, int number) {
        String page = path.replace("{id}", Long.toString(daemon.trial(number)));
        if (!page.contains("{")) {
            return Stream.of(page);
        }
        List<String> addresses = new ArrayList<>();
        daemon.rows("select id from attempts where trial_id = " + daemon.trial(number))
                .forEach(attempt -> addresses.add(page.replace("{attempt}", attempt)));
        assertThat(addresses)
                .as("%s, %s", page, "of which nothing but an {attempt} is known here")
                .noneMatch(address -> address.contains("{"));
        return addresses.stream();
    }
}
