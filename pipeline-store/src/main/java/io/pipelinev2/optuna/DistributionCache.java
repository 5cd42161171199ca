package io.pipelinev2.optuna;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Optuna repeats the distribution in every row, so each text is parsed once. Keeps the most recently used ones. */
final class DistributionCache {

    private static final int MOST = 500;
    private static final int LONGEST = 20_000;

    private final Map<String, Distribution> parsed = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Distribution> eldest) {
            return size() > MOST;
        }
    };

    Distribution of(@Nullable String json) throws MalformedRowException {
        if (json == null || json.length() > LONGEST) {
            return DistributionJson.parse(json);
        }
        synchronized (parsed) {
            Distribution known = parsed.get(json);
            if (known == null) {
                known = DistributionJson.parse(json);
                parsed.put(json, known);
            }
            return known;
        }
    }

    int size() {
        synchronized (parsed) {
            return parsed.size();
        }
    }
}
