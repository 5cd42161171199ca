package io.pipelinev2.runner.http;

import io.pipelinev2.runner.view.Json;
import java.time.Instant;

/** Points in time in a page. */
final class Times {

    /** The class of what only tells how long ago something was, which the page itself keeps up to date. */
    static final String AGE = "ago";

    private Times() {}

    /** How long ago it was, with the time itself for those who point at it. */
    static Node ago(Instant at, Instant now) {
        return Element.of("time", Figures.ago(at, now))
                .style(AGE)
                .attribute("datetime", Json.time(at))
                .attribute("title", Figures.time(at));
    }

    /** The time itself. */
    static Node full(Instant at) {
        return Element.of("time", Figures.time(at)).attribute("datetime", Json.time(at));
    }
}
