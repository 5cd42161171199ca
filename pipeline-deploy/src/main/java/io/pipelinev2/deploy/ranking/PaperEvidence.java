package io.pipelinev2.deploy.ranking;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a deployment has earned on paper, as the finding {@value #FINDING} of its trial records it. */
public final class PaperEvidence {

    /** The name of the finding. */
    public static final String FINDING = "paper";

    /** In it: whose account it is. */
    public static final String DEPLOYMENT = "deployment";

    /** In it: for how many seconds the account has been put to the test. */
    public static final String TESTED = "tested_seconds";

    /** In it: metrics by name, null where undefined. */
    public static final String METRICS = "metrics";

    /** In it: why metrics are undefined, by name. */
    public static final String REMARKS = "metrics_remarks";

    private final Map<String, @Nullable Object> content;

    private PaperEvidence(Map<String, @Nullable Object> content) {
        this.content = content;
    }

    /** What is recorded of this deployment's account; empty if nothing is, or only of an earlier one. */
    public static PaperEvidence of(Deployment deployment, List<Finding> findings) {
        return new PaperEvidence(findings.stream()
                .filter(finding -> finding.name().equals(FINDING))
                .map(Finding::content)
                .filter(content -> content.get(DEPLOYMENT) instanceof Number id && id.longValue() == deployment.id())
                .findFirst()
                .orElseGet(Map::of));
    }

    /** For how long the account has been put to the test. */
    public Duration tested() {
        return content.get(TESTED) instanceof Number seconds ? Duration.ofSeconds(seconds.longValue()) : Duration.ZERO;
    }

    /** A metric, or null if it is undefined or not there. */
    public @Nullable Double metric(String name) {
        return content.get(METRICS) instanceof Map<?, ?> metrics && metrics.get(name) instanceof Number number
                ? number.doubleValue()
                : null;
    }

    /** Why a metric has no value. */
    public String reason(String name) {
        return content.get(REMARKS) instanceof Map<?, ?> remarks && remarks.get(name) instanceof String remark
                ? remark
                : "a paper record does not have it";
    }
}
