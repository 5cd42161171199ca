package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.core.Clock;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint in the shape of Alpaca's crypto bars: {@code GET
 * url?symbols=BTC/USD,ETH/USD&timeframe=1Hour&start=…&limit=…&page_token=…} answers {@code {"bars": {"BTC/USD": [{"t", "o",
 * "h", "l", "c", "v"}]}, "next_page_token": null}}.
 *
 * <p>A trader uses the network for nothing else.
 */
final class BarsEndpoint {

    private static final int LIMIT = 10_000;
    private static final int MAX_PAGES = 500;
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_BARS = 200_000;

    /** How far two clocks may be apart. */
    private static final Duration MAX_SKEW = Duration.ofSeconds(2);

    /** The header {@code Date} is rounded down to seconds. */
    private static final Duration DATE_STEP = Duration.ofSeconds(1);

    private final URI url;
    private final List<String> symbols;
    private final String timeframe;
    private final Optional<Path> keyFile;
    private final Duration patience;
    private final Clock clock;

    /** @param patience how long a page may take as a whole */
    BarsEndpoint(
            URI url, List<String> symbols, String timeframe, Optional<Path> keyFile, Duration patience, Clock clock) {
        Addresses.require(url);
        this.url = url;
        this.symbols = List.copyOf(symbols);
        this.timeframe = timeframe;
        this.keyFile = keyFile;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * What an endpoint answered.
     *
     * @param bars those that were complete when it answered
     * @param refused what was left out and why, in words
     * @param complete until when bars were complete and had settled, by the endpoint's clock
     * @param ahead by how much its clock is ahead of this machine's, negative if it is behind; zero while the two agree
     */
    record Answer(List<ReceivedBar> bars, List<String> refused, Instant complete, Duration ahead) {}

    /**
     * Asks for all bars of a stretch of time.
     *
     * @param end where it ends; empty for as far as there are bars
     * @throws EndpointException if it does not give them
     * @throws FeedException if there is no key to ask with
     * @throws InterruptedException if the thread is interrupted, upon which the request is given up
     */
    Answer bars(Instant start, Optional<Instant> end) throws EndpointException, InterruptedException {
        Duration interval = Timeframe.of(timeframe);
        List<ReceivedBar> bars = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        Duration ahead = Duration.ZERO;
        Instant complete;
        Optional<String> token = Optional.empty();
        do {
            Instant asked = clock.now();
            WebAnswer response = get(start, end, token);
            Instant answered = clock.now();
            Optional<Instant> date = response.header("Date").flatMap(BarsEndpoint::date);
            if (response.status() != 200) {
                throw refusal(response, date.orElse(answered));
            }
            BarsPage page = BarsPage.parse(response.body(), symbols, interval);
            ahead = date.map(server -> ahead(server, asked, answered)).orElse(Duration.ZERO);
            // what the endpoint's clock says of its own bars counts: rounded down, it is never too early
            complete = date.orElse(asked).minus(new Due(interval).settling());
            for (ReceivedBar bar : page.bars()) {
                if (bar.time() <= complete.minus(interval).toEpochMilli()) {
                    bars.add(bar);
                }
            }
            refused.addAll(page.refused());
            token = page.next();
            if (token.isPresent() && (!tokens.add(token.get()) || tokens.size() >= MAX_PAGES)
                    || bars.size() > MAX_BARS) {
                throw EndpointException.lasting("The endpoint's answer has no end: page after page, " + tokens.size()
                        + " of them. Ask it for a longer timeframe.");
            }
        } while (token.isPresent());
        return new Answer(bars, refused, complete, ahead);
    }

    private WebAnswer get(Instant start, Optional<Instant> end, Optional<String> token)
            throws EndpointException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        keyFile.map(KeyFile::read).ifPresent(key -> {
            headers.put("APCA-API-KEY-ID", key.id());
            headers.put("APCA-API-SECRET-KEY", key.secret());
        });
        return new WebRequest(address(start, end, token), headers, patience, MAX_BYTES).answer();
    }

    private URI address(Instant start, Optional<Instant> end, Optional<String> token) {
        StringBuilder query = new StringBuilder(url.toString())
                .append("?symbols=")
                .append(encoded(String.join(",", symbols)))
                .append("&timeframe=")
                .append(encoded(timeframe))
                .append("&start=")
                .append(encoded(start.toString()))
                .append("&limit=")
                .append(LIMIT)
                .append("&sort=asc");
        end.ifPresent(until -> query.append("&end=").append(encoded(until.toString())));
        token.ifPresent(text -> query.append("&page_token=").append(encoded(text)));
        return URI.create(query.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private EndpointException refusal(WebAnswer response, Instant now) {
        int code = response.status();
        String answers = host() + " answers with status " + code;
        if (code == 429) {
            return EndpointException.limited(
                    answers + ": it was asked too often. All traders of this home wait.",
                    response.header("Retry-After").flatMap(text -> retryAfter(text, now)));
        }
        if (code >= 500) {
            return EndpointException.passing(answers + ".");
        }
        if (code == 401 || code == 403) {
            return EndpointException.lasting(answers + ": it refuses the key. Check feed.key_file.");
        }
        return EndpointException.lasting(
                code >= 300 && code < 400
                        ? answers + ": it sends elsewhere, which is not followed. Correct feed.url."
                        : answers + ". Check feed.url, feed.symbols and feed.timeframe.");
    }

    private static Optional<Duration> retryAfter(String text, Instant now) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return date(text).map(until -> Duration.between(now, until));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration ahead(Instant server, Instant asked, Instant answered) {
        boolean behind = server.plus(DATE_STEP).plus(MAX_SKEW).isBefore(asked);
        boolean before = server.minus(MAX_SKEW).isAfter(answered);
        return behind || before ? Duration.between(answered, server) : Duration.ZERO;
    }

    private String host() {
        return url.getHost();
    }
}
