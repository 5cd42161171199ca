package io.pipelinev2.runner.config;

import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.core.store.Alert;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One channel that alerts are told to: an element of the list {@code alerts}.
 *
 * @param name by which the command line and the database know it
 * @param rules the labels of the rules whose alerts it is told of
 * @param least it is told of alerts that are at least as severe
 * @param timeout how long one try may take
 * @param target where it leads
 */
public record AlertConfig(
        String name, List<String> rules, Alert.Severity least, Duration timeout, AlertConfig.Target target) {

    private static final List<String> BUILT_IN = List.of("log", "webhook", "email", "ping", "command");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|\\[?::1]?");
    private static final Pattern ADDRESS = Pattern.compile("[!-~&&[^<>,;\"]]+@[!-~&&[^<>,;\"@]]+");

    private static final Rule<String> NAME = new Rule<>(UserStage::isName, UserStage.NAME_WORDS);
    private static final Rule<String> RULE = Rule.oneOf(AlertRule.labels());
    private static final Rule<String> SEVERITY = Rule.oneOf(
            Arrays.stream(Alert.Severity.values()).map(Alert.Severity::label).toList());
    private static final Rule<Duration> TIMEOUT = between(Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final Rule<Duration> INTERVAL = between(Duration.ofSeconds(10), Duration.ofDays(1));
    private static final Rule<Integer> PORT = Rule.between(1, 65_535);
    private static final Rule<Map<String, @Nullable Object>> ANY = new Rule<>(settings -> true, "an object { … }");
    private static final Rule<String> MAILBOX =
            new Rule<>(text -> ADDRESS.matcher(text).matches(), "an address such as ops@example.org");
    private static final Rule<List<String>> MAILBOXES = Rule.each(MAILBOX);
    private static final String NO_URL =
            "must be an https address (http for this machine alone) without a user name in it";

    /** Where a channel leads. */
    public sealed interface Target permits Log, Webhook, Email, Ping, Command, Own {}

    /** The program's log. */
    public record Log() implements Target {}

    /** An address, or the file of one's own that holds it because it is a secret. */
    public record Address(Optional<URI> url, Optional<Path> file) {

        /** Without the address, which may hold a secret. */
        @Override
        public String toString() {
            return file.map(path -> "the address in " + path)
                    .orElseGet(() -> "an address of " + url.map(URI::getHost).orElse("nobody"));
        }
    }

    /** What is sent to a webhook. */
    public enum Format {
        /** The notice as one JSON object. */
        JSON,
        /** As an incoming webhook of Slack takes it. */
        SLACK;

        static final List<String> LABELS = List.of("json", "slack");
    }

    /** An address that notices are posted to. */
    public record Webhook(Address address, Format format) implements Target {}

    /** How a connection to a mail server is secured. */
    public enum Security {
        STARTTLS,
        TLS,
        NONE;

        static final List<String> LABELS = List.of("starttls", "tls", "none");
    }

    /** Mail by SMTP. */
    public record Email(
            String host,
            int port,
            Security security,
            Optional<String> username,
            Optional<Path> passwordFile,
            String from,
            List<String> to)
            implements Target {

        public Email {
            to = List.copyOf(to);
        }
    }

    /** An address that is asked for at intervals while the pipeline is well, so that somebody notices when it is not. */
    public record Ping(Address address, Duration interval) implements Target {}

    /** A program that reads a notice as JSON. */
    public record Command(List<String> words) implements Target {
        public Command {
            words = List.copyOf(words);
        }
    }

    /** A channel of a plugin or the host application. */
    public record Own(String type, Map<String, @Nullable Object> settings) implements Target {
        public Own {
            settings = JsonValues.checked("settings", settings);
        }
    }

    public AlertConfig {
        NAME.require("name", name);
        rules = List.copyOf(rules);
        rules.forEach(rule -> RULE.require("rules", rule));
    }

    private static Rule<Duration> between(Duration least, Duration most) {
        return new Rule<>(
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                "from %s to %s".formatted(DurationText.of(least), DurationText.of(most)));
    }

    static List<AlertConfig> readAll(Options root, Path home) {
        root.otherwise("alerts", List.of());
        if (!root.has("alerts") || isEmptyList(root)) {
            return List.of();
        }
        List<AlertConfig> channels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Options block : root.sections("alerts", "a list of channels, each { \"channel\": … }")) {
            AlertConfig channel = read(block, home);
            if (channel != null && !names.add(channel.name())) {
                block.refuseKey(
                        "name",
                        "must be another than that of the other channels, unlike '%s'; left out, it is that of its channel"
                                .formatted(channel.name()));
            }
            if (channel != null) {
                channels.add(channel);
            }
        }
        return channels;
    }

    private static boolean isEmptyList(Options root) {
        return root.raw("alerts").orElse(null) instanceof JsonValue.Items items
                && items.values().isEmpty();
    }

    private static @Nullable AlertConfig read(Options block, Path home) {
        if (!block.has("channel")) {
            block.missing(
                    "channel",
                    "it is one of %s, or what a plugin or the host application provides"
                            .formatted(String.join(", ", BUILT_IN)));
            return null;
        }
        String type = block.text("channel", "log", NAME);
        Target target = target(type, block, home);
        AlertConfig channel = new AlertConfig(
                block.text("name", type, NAME),
                target instanceof Ping ? List.of() : rules(block),
                Alert.Severity.of(target instanceof Ping ? "warning" : block.text("severity", "warning", SEVERITY)),
                block.duration("timeout", Duration.ofSeconds(30), TIMEOUT),
                target);
        block.refuseUnknown(" to a channel of type " + type);
        return channel;
    }

    private static List<String> rules(Options block) {
        List<String> all = AlertRule.labels();
        List<String> rules = block.value("rules", all, Kind.TEXT.list(), Rule.NOT_EMPTY);
        List<String> known = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (all.contains(rules.get(i))) {
                known.add(rules.get(i));
            } else {
                block.refuseItem("rules", i, "a rule; " + DidYouMean.hint(rules.get(i), all));
            }
        }
        return known;
    }

    private static Target target(String type, Options block, Path home) {
        return switch (type) {
            case "log" -> new Log();
            case "webhook" ->
                new Webhook(
                        address(block, home),
                        Format.valueOf(block.text("format", "json", Rule.oneOf(Format.LABELS))
                                .toUpperCase(Locale.ROOT)));
            case "email" -> email(block, home);
            case "ping" -> new Ping(address(block, home), block.duration("interval", Duration.ofMinutes(5), INTERVAL));
            case "command" -> {
                if (!block.has("command")) {
                    block.missing("command", "it is the program and its arguments, a list of words");
                }
                yield new Command(block.value("command", List.of("true"), Kind.TEXT.list(), TraderCommand.WORDS));
            }
            default -> {
                // a mistyped built-in one would otherwise be taken for one of a plugin's
                Optional<String> meant = DidYouMean.of(type, BUILT_IN);
                if (meant.isPresent() && !block.has("settings")) {
                    block.refuse(
                            "channel",
                            "known; did you mean '%s'? One of a plugin or the host application that is named so needs \"settings\": {}"
                                    .formatted(meant.get()));
                }
                yield new Own(type, block.value("settings", Map.of(), PlainValues::settings, ANY));
            }
        };
    }

    private static Address address(Options block, Path home) {
        Optional<Path> file = block.optional("url_file", Kind.TEXT, Rule.PATH).map(home::resolve);
        boolean isGiven = block.has("url");
        if (isGiven == file.isPresent()) {
            block.refuseKey(
                    isGiven ? "url_file" : "url",
                    "must be " + (isGiven ? "left out where there is a url" : "given, or url_file")
                            + ": an address that holds a secret belongs into a file that only you can read (url_file)");
        }
        if (!isGiven) {
            return new Address(Optional.empty(), file);
        }
        Optional<URI> url = block.raw("url")
                .filter(JsonValue.Text.class::isInstance)
                .flatMap(value -> url(((JsonValue.Text) value).value()));
        if (url.isEmpty()) {
            // not shown: it may hold a secret all the same
            block.refuseKey("url", NO_URL);
        }
        return new Address(url, Optional.empty());
    }

    /** The address, if it is one that may be asked; empty otherwise. */
    public static Optional<URI> url(String text) {
        try {
            URI url = new URI(text.strip());
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            boolean isHere =
                    url.getHost() != null && LOOPBACK.matcher(url.getHost()).matches();
            boolean isAllowed = scheme.equals("https") || scheme.equals("http") && isHere;
            return isAllowed && url.getHost() != null && url.getRawUserInfo() == null
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Email email(Options block, Path home) {
        for (String key : List.of("host", "from", "to")) {
            if (!block.has(key)) {
                block.missing(
                        key, key.equals("host") ? "it is the mail server" : "it is an address such as ops@example.org");
            }
        }
        String host = block.text("host", "localhost", Rule.NOT_BLANK);
        Security security = Security.valueOf(
                block.text("security", "starttls", Rule.oneOf(Security.LABELS)).toUpperCase(Locale.ROOT));
        Optional<String> username = block.optional("username", Kind.TEXT, Rule.NOT_BLANK);
        Optional<Path> password =
                block.optional("password_file", Kind.TEXT, Rule.PATH).map(home::resolve);
        if (username.isPresent() != password.isPresent()) {
            block.refuseKey(
                    username.isPresent() ? "password_file" : "username",
                    "must be given where the other is: a server that wants one wants both");
        }
        if (password.isPresent()
                && security == Security.NONE
                && !LOOPBACK.matcher(host).matches()) {
            block.refuse(
                    "security", "starttls or tls: without them the password would cross the network for all to read");
        }
        return new Email(
                host,
                block.integer("port", security == Security.TLS ? 465 : 587, PORT),
                security,
                username,
                password,
                block.text("from", "nobody@localhost", MAILBOX),
                block.value("to", List.of("nobody@localhost"), Kind.TEXT.list(), MAILBOXES));
    }
}
