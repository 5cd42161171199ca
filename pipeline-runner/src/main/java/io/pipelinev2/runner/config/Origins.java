package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Member;
import io.pipelinev2.runner.config.JsonValue.Members;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Remembers what was asked for while a file is read, so that it can be told afterwards what came from where. */
final class Origins {

    /** How a value of others may be called that is nobody's business. A file that holds one is named differently. */
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|passwd|pwd|secret|token|api[_-]?key)");

    private static final String MASK = "***";

    private final Map<String, @Nullable Object> asked = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    void asked(String path, @Nullable Object fallback) {
        asked.putIfAbsent(path, plain(fallback));
    }

    void fromEnvironment(String path, String variable) {
        variables.put(path, variable);
    }

    /** @param members of the file */
    List<Setting> settings(Members members) {
        Map<String, Member> written = new LinkedHashMap<>();
        collect("", members, written);
        List<Setting> settings = new ArrayList<>();
        asked.forEach((path, fallback) -> {
            Member member = written.get(path);
            if (member != null) {
                settings.add(ofFile(path, member));
            } else if (variables.containsKey(path)) {
                settings.add(new Setting(path, masked(fallback), Setting.ENVIRONMENT, variables.get(path)));
            } else {
                settings.add(new Setting(path, masked(fallback), Setting.DEFAULT, null));
            }
        });
        written.forEach((path, member) -> {
            boolean leaf =
                    !(member.value() instanceof Members inner) || inner.values().isEmpty();
            if (leaf && !isTold(path)) {
                settings.add(ofFile(path, member));
            }
        });
        return settings;
    }

    /** It, or what it is a part of. */
    private boolean isTold(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            if (asked.containsKey(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static void collect(String parent, Members members, Map<String, Member> written) {
        members.values().forEach((name, member) -> {
            String path = Options.path(parent, name);
            written.put(path, member);
            if (member.value() instanceof Members inner) {
                collect(path, inner, written);
            }
        });
    }

    private static Setting ofFile(String path, Member member) {
        Object value = masked(PlainValues.of(member.value()));
        boolean secret = SECRET.matcher(path).matches() && !path.startsWith("stages.deploy.secrets.");
        return new Setting(path, secret && value != null ? MASK : value, Setting.FILE, Integer.toString(member.line()));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        }
        if (value instanceof Duration duration) {
            return DurationText.of(duration);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Origins::plain).toList();
        }
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof Map<?, ?>) {
            return value;
        }
        return value instanceof Path path ? path.toString() : String.valueOf(value);
    }

    /** The address of a channel for alerts is often its only secret. */
    private static boolean isSecretInList(String name) {
        return SECRET.matcher(name).matches() || name.equals("url");
    }

    private static @Nullable Object masked(@Nullable Object value) {
        if (value instanceof String text) {
            return Shown.masked(text);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> masked = new ArrayList<>();
            list.forEach(each -> masked.add(masked(each)));
            return masked;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> masked = new LinkedHashMap<>();
            map.forEach((name, each) ->
                    masked.put(String.valueOf(name), isSecretInList(String.valueOf(name)) ? MASK : masked(each)));
            return masked;
        }
        return value;
    }
}
