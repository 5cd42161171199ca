package io.pipelinev2.runner.view;

import io.pipelinev2.core.store.PipelineStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The file systems in use as the daemon saw them last. */
public final class DisksView {

    /** The store's setting that holds them, as JSON. */
    public static final String SETTING = "disks";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DisksView() {}

    /** As JSON has them; empty if no daemon has looked yet. */
    public static List<Map<String, @Nullable Object>> of(PipelineStore store) {
        String stored = store.read(tx -> tx.setting(SETTING)).orElse("{}");
        try {
            Map<String, List<Map<String, @Nullable Object>>> disks = JSON.readValue(stored, new TypeReference<>() {});
            return disks.getOrDefault(SETTING, List.of());
        } catch (JacksonException e) {
            return List.of();
        }
    }
}
