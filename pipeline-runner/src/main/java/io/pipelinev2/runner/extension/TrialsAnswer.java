package io.pipelinev2.runner.extension;

import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the command of a trial source answered. Nothing of a malformed answer is used: half a list of trials would look
 * as if the others had never been.
 */
final class TrialsAnswer {

    private static final String STUDY_NAME = "the study's name, which is not empty and no other study's";

    private TrialsAnswer() {}

    /**
     * A study with what is cheap to know of its trials.
     *
     * @param trials its finished trials in the order of their numbers
     * @param counts how many were tried, if it was told
     */
    record Listed(SourceStudy study, List<TrialHeader> trials, Optional<TrialCounts> counts) {}

    /**
     * All studies with their finished trials.
     *
     * @throws MalformedAnswerException saying which value was found and what it must be
     */
    static List<Listed> studies(byte[] output) throws MalformedAnswerException {
        Map<String, @Nullable Object> answer = JsonAnswer.object(output);
        JsonAnswer.requireKnown("it", answer, List.of("studies"));
        List<Listed> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<?> studies = list("studies", answer.get("studies"), "a list [ … ] of studies, be it empty");
        for (int i = 0; i < studies.size(); i++) {
            String path = "studies[" + i + "]";
            Map<?, ?> object = object(path, studies.get(i));
            JsonAnswer.requireKnown(path, object, List.of("name", "id", "directions", "pruned", "trials"));
            if (!(object.get("name") instanceof String name) || name.isEmpty() || !names.add(name)) {
                throw JsonAnswer.unlike(path + ".name", object.get("name"), STUDY_NAME);
            }
            all.add(listed(path, name, object));
        }
        return all;
    }

    private static Listed listed(String path, String name, Map<?, ?> object) throws MalformedAnswerException {
        SourceStudy study = new SourceStudy(
                whole(path + ".id", object.get("id"), 0L),
                name,
                directions(path + ".directions", object.get("directions")));
        List<TrialHeader> trials = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        List<?> written = list(path + ".trials", object.get("trials"), "a list [ … ] of finished trials, be it empty");
        for (int i = 0; i < written.size(); i++) {
            TrialHeader header = header(path + ".trials[" + i + "]", study, written.get(i));
            if (!numbers.add(header.source().number())) {
                throw new MalformedAnswerException("%s.trials[%d].number was %d, as another's is, but must be its own"
                        .formatted(path, i, header.source().number()));
            }
            trials.add(header);
        }
        trials.sort(Comparator.comparingInt(header -> header.source().number()));
        Object pruned = object.get("pruned");
        Optional<TrialCounts> counts = pruned == null
                ? Optional.empty()
                : Optional.of(new TrialCounts(trials.size(), whole(path + ".pruned", pruned, 0L)));
        return new Listed(study, List.copyOf(trials), counts);
    }

    private static List<Direction> directions(String path, @Nullable Object value) throws MalformedAnswerException {
        String rule = "a list with maximize or minimize for each objective";
        List<Direction> directions = new ArrayList<>();
        for (Object word : list(path, value, rule)) {
            directions.add(
                    switch (word instanceof String text ? text : "") {
                        case "maximize" -> Direction.MAXIMIZE;
                        case "minimize" -> Direction.MINIMIZE;
                        default -> throw JsonAnswer.unlike(path + "[" + directions.size() + "]", word, rule);
                    });
        }
        if (directions.isEmpty()) {
            throw JsonAnswer.unlike(path, value, rule);
        }
        return directions;
    }

    private static TrialHeader header(String path, SourceStudy study, @Nullable Object value)
            throws MalformedAnswerException {
        Map<?, ?> object = object(path, value);
        JsonAnswer.requireKnown(path, object, List.of("number", "values", "id", "started_at"));
        Object number = object.get("number");
        if (!(number instanceof Integer trial) || trial < 0) {
            throw JsonAnswer.unlike(path + ".number", number, "the trial's number within its study, 0 or more");
        }
        return new TrialHeader(
                new SourceTrial(
                        study.name(),
                        study.id(),
                        whole(path + ".id", object.get("id"), (long) trial),
                        trial,
                        startedAt(path + ".started_at", object.get("started_at"))),
                values(
                        path + ".values",
                        object.get("values"),
                        study.directions().size()));
    }

    private static List<@Nullable Double> values(String path, @Nullable Object value, int objectives)
            throws MalformedAnswerException {
        String rule = objectives == 1
                ? "a list with the value of the study's one objective"
                : "a list with the values of the study's %d objectives".formatted(objectives);
        List<@Nullable Double> values = new ArrayList<>();
        for (Object element : list(path, value, rule)) {
            values.add(objective(path + "[" + values.size() + "]", element));
        }
        if (values.size() != objectives) {
            throw new MalformedAnswerException("%s had %d but must be %s".formatted(path, values.size(), rule));
        }
        return values;
    }

    private static @Nullable Double objective(String path, @Nullable Object value) throws MalformedAnswerException {
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        if (value.equals("Infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        if (value.equals("-Infinity")) {
            return Double.NEGATIVE_INFINITY;
        }
        throw JsonAnswer.unlike(path, value, "a number, null if it is undefined, \"Infinity\" or \"-Infinity\"");
    }

    /**
     * The details of one trial; empty if it is not there any more, or the answer tells of another one in its place.
     *
     * @throws MalformedAnswerException saying which value was found and what it must be
     */
    static Optional<TrialDetails> details(byte[] output, SourceTrial asked) throws MalformedAnswerException {
        Map<String, @Nullable Object> answer = JsonAnswer.object(output);
        if (Boolean.TRUE.equals(answer.get("gone"))) {
            JsonAnswer.requireKnown("it", answer, List.of("gone"));
            return Optional.empty();
        }
        JsonAnswer.requireKnown("it", answer, List.of("parameters", "user_attributes", "id", "started_at", "gone"));
        if (answer.get("gone") != null && !Boolean.FALSE.equals(answer.get("gone"))) {
            throw JsonAnswer.unlike("gone", answer.get("gone"), "true if the trial is not there any more");
        }
        Map<String, @Nullable Object> parameters = named("parameters", answer.get("parameters"), true);
        Map<String, @Nullable Object> attributes = named("user_attributes", answer.get("user_attributes"), false);
        long id = whole("id", answer.get("id"), asked.trialId());
        String startedAt = startedAt("started_at", answer.get("started_at"));
        boolean another = id != asked.trialId()
                || answer.get("started_at") != null && !Objects.equals(startedAt, asked.startedAt());
        return another ? Optional.empty() : Optional.of(new TrialDetails(parameters, attributes));
    }

    private static Map<String, @Nullable Object> named(String path, @Nullable Object value, boolean needed)
            throws MalformedAnswerException {
        if (value == null && !needed) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw JsonAnswer.unlike(path, value, "an object { … } with a value for each name");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        map.forEach((name, element) -> values.put(String.valueOf(name), element));
        try {
            return JsonValues.checked(path, values);
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswerException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String startedAt(String path, @Nullable Object value) throws MalformedAnswerException {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw JsonAnswer.unlike(path, value, "text, always the same for the same trial");
    }

    private static long whole(String path, @Nullable Object value, long fallback) throws MalformedAnswerException {
        if (value == null) {
            return fallback;
        }
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw JsonAnswer.unlike(path, value, "a whole number, 0 or more");
    }

    private static List<?> list(String path, @Nullable Object value, String rule) throws MalformedAnswerException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw JsonAnswer.unlike(path, value, rule);
    }

    private static Map<?, ?> object(String path, @Nullable Object value) throws MalformedAnswerException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw JsonAnswer.unlike(path, value, "an object { … }");
    }
}
