package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Items;
import io.pipelinev2.runner.config.JsonValue.Member;
import io.pipelinev2.runner.config.JsonValue.Members;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One object of the file as its reader sees it: asks for keys by name, kind and rule, gets the default for what is left
 * out, and for what is wrong too, so that reading goes on and all faults are found. It remembers what it was asked for;
 * whatever else is in the object is unknown.
 */
final class Options {

    private final String path;
    private final Members members;
    private final Faults faults;
    private final Origins origins;
    private final Set<String> known = new LinkedHashSet<>();

    private Options(String path, Members members, Faults faults, Origins origins) {
        this.path = path;
        this.members = members;
        this.faults = faults;
        this.origins = origins;
    }

    static Options root(Members members, Faults faults, Origins origins) {
        return new Options("", members, faults, origins);
    }

    /** Without any keys; what is refused in it is told to nobody. */
    static Options none() {
        return new Options("", Members.NONE, new Faults(""), new Origins());
    }

    static String path(String parent, String key) {
        String shown = Shown.shortened(InertText.of(key));
        return parent.isEmpty() ? shown : parent + "." + shown;
    }

    /** Says that what is left out comes from a variable of the environment. */
    void fromEnvironment(String key, String variable) {
        origins.fromEnvironment(path(path, key), variable);
    }

    /** Says what holds for a key that is read in a way of its own, where it is left out. */
    void otherwise(String key, Object fallback) {
        origins.asked(path(path, key), fallback);
    }

    /** All keys that the file sets here. */
    Set<String> names() {
        return members.values().keySet();
    }

    /** Whether the file sets the key, be it to null. */
    boolean has(String key) {
        known.add(key);
        return members.values().containsKey(key);
    }

    String text(String key, String fallback, Rule<? super String> rule) {
        return value(key, fallback, Kind.TEXT, rule);
    }

    int integer(String key, int fallback, Rule<? super Integer> rule) {
        return value(key, fallback, Kind.INTEGER, rule);
    }

    double number(String key, double fallback, Rule<? super Double> rule) {
        return value(key, fallback, Kind.NUMBER, rule);
    }

    boolean flag(String key, boolean fallback, Rule<? super Boolean> rule) {
        return value(key, fallback, Kind.FLAG, rule);
    }

    Duration duration(String key, Duration fallback, Rule<? super Duration> rule) {
        return value(key, fallback, Kind.DURATION, rule);
    }

    /** A path; one that is relative begins at the base. */
    Path path(String key, String fallback, Path base) {
        // not normalized: behind a symbolic link, ".." leads elsewhere than the text suggests
        return base.resolve(value(key, fallback, Kind.TEXT, Rule.PATH));
    }

    <T> T value(String key, T fallback, Kind<? extends T> kind, Rule<? super T> rule) {
        known.add(key);
        origins.asked(path(path, key), fallback);
        Member member = members.values().get(key);
        if (member == null) {
            return fallback;
        }
        try {
            T value = kind.read(member.value());
            if (rule.holds().test(value)) {
                return value;
            }
            refuse(key, rule.words());
        } catch (IllegalArgumentException e) {
            refuse(key, String.valueOf(e.getMessage()));
        }
        return fallback;
    }

    /** A value that may be left out; null says the same as leaving it out. */
    <T> Optional<T> optional(String key, Kind<? extends T> kind, Rule<? super T> rule) {
        known.add(key);
        Member member = members.values().get(key);
        origins.asked(path(path, key), null);
        if (member == null || member.value() instanceof JsonValue.Null) {
            return Optional.empty();
        }
        // the wrapping keeps "no value" apart from "a faulty value", and both end as empty
        return value(key, Optional.<T>empty(), value -> Optional.of(kind.read(value)), unwrapped(rule));
    }

    private static <T> Rule<Optional<T>> unwrapped(Rule<? super T> rule) {
        return new Rule<>(value -> value.filter(rule.holds()::test).isPresent(), rule.words());
    }

    /** An object within this one; an empty one if it is left out. */
    Options section(String key) {
        known.add(key);
        Member member = members.values().get(key);
        if (member != null && member.value() instanceof Members inner) {
            return new Options(path(path, key), inner, faults, origins);
        }
        if (member != null) {
            refuse(key, "an object { … }");
        }
        return new Options(path(path, key), Members.NONE, faults, origins);
    }

    /** The value as it stands in the file, for what may be of several kinds. */
    Optional<JsonValue> raw(String key) {
        known.add(key);
        return Optional.ofNullable(members.values().get(key)).map(Member::value);
    }

    /**
     * The objects of a list.
     *
     * @param mustBe what to say of anything else and of an empty list
     */
    List<Options> sections(String key, String mustBe) {
        List<Options> sections = new ArrayList<>();
        if (!(raw(key).orElse(null) instanceof Items items) || items.values().isEmpty()) {
            refuse(key, mustBe);
            return sections;
        }
        for (int i = 0; i < items.values().size(); i++) {
            if (items.values().get(i) instanceof Members inner) {
                sections.add(new Options("%s[%d]".formatted(path(path, key), i), inner, faults, origins));
            } else {
                refuseItem(key, i, "an object { … }");
            }
        }
        return sections;
    }

    /** Reports the value of a key. */
    void refuse(String key, String mustBe) {
        Member member = members.values().get(key);
        if (member == null) {
            faults.add(Faults.NO_LINE, "%s must be %s".formatted(path(path, key), mustBe));
        } else {
            refuse(path(path, key), member.value(), mustBe);
        }
    }

    /** Reports a key as such. */
    void refuseKey(String key, String words) {
        known.add(key);
        Member member = members.values().get(key);
        faults.add(member == null ? Faults.NO_LINE : member.line(), path(path, key) + " " + words);
    }

    /** Reports one element of a list. */
    void refuseItem(String key, int index, String mustBe) {
        Member member = members.values().get(key);
        if (member != null && member.value() instanceof Items items) {
            refuse("%s[%d]".formatted(path(path, key), index), items.values().get(index), mustBe);
        } else {
            refuse(key, mustBe);
        }
    }

    private void refuse(String where, JsonValue value, String mustBe) {
        faults.add(value.line(), "%s was %s but must be %s".formatted(where, value.shown(), mustBe));
    }

    /** Reports a key that must be there and is not. */
    void missing(String key, String whatToDo) {
        faults.add(Faults.NO_LINE, "%s is missing and has no default: %s".formatted(path(path, key), whatToDo));
    }

    /** Reports every key that nobody has asked for. The last thing a reader does. */
    void refuseUnknown() {
        refuseUnknown("");
    }

    /** @param remark what else to say about such a key */
    void refuseUnknown(String remark) {
        members.values().forEach((key, member) -> {
            if (!known.contains(key)) {
                faults.add(
                        member.line(),
                        "%s is not known%s; %s"
                                .formatted(path(path, key), remark, DidYouMean.hint(key, List.copyOf(known))));
            }
        });
    }
}
