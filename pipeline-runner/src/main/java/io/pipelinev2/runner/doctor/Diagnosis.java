package io.pipelinev2.runner.doctor;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers to a number of checks, in their order. */
public record Diagnosis(List<Entry> entries) {

    public Diagnosis {
        entries = List.copyOf(entries);
    }

    /**
     * One line of it.
     *
     * @param check what was looked at
     */
    public record Entry(String check, Finding finding) {}

    /** Makes all checks; one that cannot be made is a finding and does not keep the others from theirs. */
    public static Diagnosis of(List<Check> checks) {
        List<Entry> entries = new ArrayList<>();
        for (Check check : checks) {
            look(check).forEach(finding -> entries.add(new Entry(check.name(), finding)));
        }
        return new Diagnosis(entries);
    }

    private static List<Finding> look(Check check) {
        try {
            return check.look();
        } catch (PipelineException e) {
            return List.of(Finding.fail(String.valueOf(e.getMessage()), "mend that and look again"));
        } catch (IOException e) {
            return List.of(Finding.fail("cannot be looked at: " + e, "fix its permissions and look again"));
        } catch (RuntimeException e) {
            return List.of(
                    Finding.fail("cannot be looked at: " + e, "report this, with what is special about this home"));
        }
    }

    /** The worst of all findings. */
    public Level worst() {
        return entries.stream()
                .map(entry -> entry.finding().level())
                .max(Comparator.naturalOrder())
                .orElse(Level.OK);
    }

    /** As one JSON object. */
    public Map<String, @Nullable Object> json() {
        List<Map<String, @Nullable Object>> findings = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, @Nullable Object> finding = new LinkedHashMap<>();
            finding.put("check", entry.check());
            finding.put("level", entry.finding().level().name());
            finding.put("message", entry.finding().message());
            finding.put("fix", entry.finding().fix());
            findings.add(finding);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("worst", worst().name());
        json.put("findings", findings);
        return json;
    }
}
