package io.pipelinev2.runner.http.exchange;

import io.pipelinev2.runner.http.access.Access;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is answered to one method at one address. The routes, the gate before them and the OpenAPI document are all made
 * from these, so none of them can say anything else.
 *
 * @param method {@code GET} or {@code POST}; who may GET may ask for the HEAD
 * @param path its address, with {@code {name}} where a number or name stands
 * @param id its name in the OpenAPI document
 * @param summary what it does, in words
 * @param access who may ask
 * @param query what may stand in its query
 * @param body what may stand in its body; empty if it has none
 * @param answer how it answers
 * @param handler answers
 */
public record Endpoint(
        String method,
        String path,
        String id,
        String summary,
        Access access,
        List<Parameter> query,
        List<Parameter> body,
        Answer answer,
        Answering handler) {

    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");

    /**
     * How something is answered.
     *
     * @param mediaType what comes
     * @param schema the name of the schema that it keeps, or empty if it has none
     */
    public record Answer(String mediaType, String schema) {

        public static Answer json(String schema) {
            return new Answer("application/json", schema);
        }

        public static Answer of(String mediaType) {
            return new Answer(mediaType, "");
        }
    }

    /** Answers a request that was allowed and is of the right form. */
    @FunctionalInterface
    public interface Answering {
        public void answer(Asked asked) throws Exception;
    }

    public Endpoint {
        query = List.copyOf(query);
        body = List.copyOf(body);
    }

    public static Endpoint get(
            String path,
            String id,
            String summary,
            Access access,
            List<Parameter> query,
            Answer answer,
            Answering handler) {
        return new Endpoint("GET", path, id, summary, access, query, List.of(), answer, handler);
    }

    /**
     * The page that says what a verb will do, and the request that does it, at the same address.
     *
     * @param verb the verb's name
     * @param subject what is added to its name to tell it from other verbs of that name; may be empty
     */
    public static List<Endpoint> confirmed(
            String path,
            String verb,
            String subject,
            String summary,
            List<Parameter> body,
            Answering confirm,
            Answering carryOut) {
        String name = Character.toUpperCase(verb.charAt(0)) + verb.substring(1);
        Answer page = Answer.of("text/html");
        return List.of(
                get(
                        path,
                        "confirm" + name + subject + "Page",
                        "The page that says what will happen: " + summary,
                        Access.READ,
                        List.of(),
                        page,
                        confirm),
                new Endpoint(
                        "POST",
                        path,
                        verb + subject + "FromPage",
                        summary,
                        Access.CHANGE,
                        List.of(),
                        body,
                        page,
                        carryOut));
    }

    public static Endpoint post(String path, String id, String summary, List<Parameter> body, Answering handler) {
        return new Endpoint("POST", path, id, summary, Access.CHANGE, List.of(), body, Answer.json("Done"), handler);
    }

    /** Whether what is sent is a browser's form. */
    public boolean takesForm() {
        return method.equals("POST") && answer.mediaType().startsWith("text/html");
    }

    /** The names that stand in the path, in order. */
    public List<String> places() {
        return PLACE.matcher(path).results().map(found -> found.group(1)).toList();
    }

    /** What addresses it answers at. */
    public Pattern pattern() {
        StringBuilder pattern = new StringBuilder();
        Matcher matcher = PLACE.matcher(path);
        int from = 0;
        while (matcher.find()) {
            pattern.append(Pattern.quote(path.substring(from, matcher.start()))).append("[^/]+");
            from = matcher.end();
        }
        return Pattern.compile(
                pattern.append(Pattern.quote(path.substring(from))).toString());
    }
}
