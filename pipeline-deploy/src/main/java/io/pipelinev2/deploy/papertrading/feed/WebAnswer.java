package io.pipelinev2.deploy.papertrading.feed;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server answered.
 *
 * @param status such as 200
 * @param headers the first value of each, by its name in any case
 * @param body what was sent, whole
 */
record WebAnswer(int status, Map<String, String> headers, byte[] body) {

    WebAnswer {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = copy;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
