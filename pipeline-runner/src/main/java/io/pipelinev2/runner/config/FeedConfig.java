package io.pipelinev2.runner.config;

import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the bundled paper trader gets its bars from: the block {@code stages.deploy.feed}. */
public record FeedConfig(FeedSettings settings) {

    static final FeedConfig REPLAY = new FeedConfig(new FeedSettings.Replay());

    private static final Rule<String> TYPE =
            Rule.oneOf(List.of(FeedSettings.REPLAY, FeedSettings.FOLLOW, FeedSettings.HTTP_BARS));
    private static final Rule<Duration> LENGTH = new Rule<>(
            value -> value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofDays(366)) <= 0,
            "from 1ms to 366d");
    private static final Rule<Duration> POLL = new Rule<>(
            value -> value.compareTo(Duration.ofSeconds(1)) >= 0 && value.compareTo(Duration.ofDays(1)) <= 0,
            "from 1s to 1d");
    private static final String SYMBOLS =
            "what the endpoint calls each asset, in the order of the models, such as { \"BTC\": \"BTC/USD\" }";

    /** @param deploy the block that has the key {@code feed} */
    static FeedConfig read(Options deploy, Path home) {
        Options options = deploy.section("feed");
        String type = options.text("type", FeedSettings.REPLAY, TYPE);
        FeedConfig feed = switch (type) {
            case FeedSettings.FOLLOW -> follow(options, home);
            case FeedSettings.HTTP_BARS -> httpBars(options, home);
            default -> REPLAY;
        };
        options.refuseUnknown(" to a feed of type " + type);
        return feed;
    }

    private static FeedConfig follow(Options options, Path home) {
        return new FeedConfig(new FeedSettings.Follow(
                options.optional("directory", Kind.TEXT, Rule.PATH).map(home::resolve),
                options.optional("interval", Kind.DURATION, LENGTH)));
    }

    private static FeedConfig httpBars(Options options, Path home) {
        String url = options.text("url", "", Rule.NOT_BLANK);
        Map<String, String> symbols = symbols(options);
        String timeframe = options.text("timeframe", "", Rule.NOT_BLANK);
        Optional<Path> keyFile =
                options.optional("key_file", Kind.TEXT, Rule.PATH).map(home::resolve);
        Duration poll = options.duration("poll", FeedSettings.HttpBars.DEFAULT_POLL, POLL);
        Optional<Duration> patience = options.optional("patience", Kind.DURATION, LENGTH);
        boolean complete = given(options, "url", "it is the address of the bars")
                & given(options, "symbols", "it says " + SYMBOLS)
                & given(options, "timeframe", "it is that of the models, such as \"1Hour\"");
        if (!complete || url.isEmpty() || symbols.isEmpty() || timeframe.isEmpty()) {
            return REPLAY;
        }
        try {
            return new FeedConfig(
                    new FeedSettings.HttpBars(URI.create(url), symbols, timeframe, keyFile, poll, patience));
        } catch (IllegalArgumentException e) {
            String words = String.valueOf(e.getMessage());
            String key = List.of("symbols", "timeframe").stream()
                    .filter(words::startsWith)
                    .findFirst()
                    .orElse("url");
            options.refuse(key, "right: " + words);
            return REPLAY;
        }
    }

    private static boolean given(Options options, String key, String what) {
        if (!options.has(key)) {
            options.missing(key, what);
            return false;
        }
        return true;
    }

    private static Map<String, String> symbols(Options options) {
        Map<String, String> symbols = new LinkedHashMap<>();
        JsonValue value = options.raw("symbols").orElse(null);
        if (value == null) {
            return symbols;
        }
        if (!(value instanceof JsonValue.Members members)) {
            options.refuse("symbols", "an object that says " + SYMBOLS);
            return symbols;
        }
        members.values().forEach((asset, member) -> {
            if (member.value() instanceof JsonValue.Text text) {
                symbols.put(asset, text.value());
            }
        });
        if (symbols.isEmpty() || symbols.size() < members.values().size()) {
            options.refuse("symbols", "an object that says " + SYMBOLS);
            return Map.of();
        }
        return symbols;
    }
}
