package io.pipelinev2.runner.http.html;

import io.pipelinev2.runner.view.Json;
import java.time.Instant;

/** Points in time in a page. */
public final class Times {

    /** The class of what only tells how long ago something was, which the page itself keeps up to date. */
    public static final String AGE = "ago";

    private Times() {}

    /** How long ago it was, with the time itself for those who point at it. */
    public static Node ago(Instant at, Instant now) {
        return Element.of("time", Figures.ago(at, now))
                .style(AGE)
                .attribute("datetime", Json.time(at))
                .attribute("title", Figures.time(at));
    }

    /** The time itself. */
    public static Node full(Instant at) {
        return Element.of("time", Figures.time(at)).attribute("datetime", Json.time(at));
    }
}
