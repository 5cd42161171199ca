package io.pipelinev2.runner.http.overview;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says once what is said of many trials in the same words, with other numbers. */
final class Wording {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+([.,][0-9]+)*");
    private static final String VARIOUS = "…";

    private Wording() {}

    /** The text without its numbers: reasons of one kind have the same. */
    static String kind(String reason) {
        return NUMBER.matcher(reason).replaceAll(VARIOUS);
    }

    /** What reasons of one kind have in common: the numbers too, where all have the same. */
    static String common(List<String> reasons) {
        List<List<String>> all = reasons.stream().map(Wording::numbers).toList();
        int[] place = {0};
        return NUMBER.matcher(reasons.get(0)).replaceAll(number -> {
            int at = place[0]++;
            boolean same = all.stream().allMatch(numbers -> numbers.get(at).equals(number.group()));
            return Matcher.quoteReplacement(same ? number.group() : VARIOUS);
        });
    }

    /** The longest piece of what reasons have in common that all of them hold word for word, to look for them by. */
    static String said(String common) {
        return Stream.of(common.split(VARIOUS, -1))
                .map(String::strip)
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private static List<String> numbers(String reason) {
        List<String> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(reason);
        while (matcher.find()) {
            numbers.add(matcher.group());
        }
        return numbers;
    }
}
