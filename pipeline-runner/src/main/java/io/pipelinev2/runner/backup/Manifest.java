package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backup consists of: the file {@code backup.json}.
 *
 * @param createdAt when it was begun
 * @param programVersion the version of the program that made it, or null if that was not packaged
 * @param schemaVersion the version of its database's schema
 * @param files all its files but the manifest itself
 * @param leftOut paths in the home that were not followed, such as symbolic links
 */
record Manifest(
        Instant createdAt,
        @Nullable String programVersion,
        String schemaVersion,
        List<BackedUpFile> files,
        List<String> leftOut) {

    private static final int FORMAT = 1;
    private static final int MAX_BYTES = 64_000_000;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    Manifest {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    long size() {
        return files.stream().mapToLong(BackedUpFile::size).sum();
    }

    boolean has(String path) {
        return files.stream().anyMatch(file -> file.path().equals(path));
    }

    byte[] bytes() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("created_at", createdAt);
        json.put("program_version", programVersion);
        json.put("schema_version", schemaVersion);
        json.put("left_out", leftOut);
        json.put("files", files.stream().map(Manifest::json).toList());
        return (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> json(BackedUpFile file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", file.path());
        json.put("size", file.size());
        json.put("sha256", file.sha256());
        return json;
    }

    /**
     * Reads a manifest that anybody may have written.
     *
     * @throws BackupException if it cannot be read or is malformed
     * @throws RefusedException if it names what no backup holds
     */
    static Manifest read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw malformed(file, "it is larger than 64 MB", null);
            }
            return parse(file, JSON.readTree(bytes));
        } catch (IOException e) {
            throw new BackupException(
                    "The manifest %s cannot be read: %s. Check its permissions.".formatted(file, e), e);
        } catch (JacksonException e) {
            throw malformed(file, "it is not JSON (" + InertText.of(e.getOriginalMessage()) + ")", e);
        } catch (DateTimeException e) {
            throw malformed(file, "created_at is no time", e);
        }
    }

    private static Manifest parse(Path file, JsonNode json) {
        if (json.path("format").asInt(0) != FORMAT) {
            throw malformed(file, "its format is not " + FORMAT + ", the one that this program knows", null);
        }
        List<BackedUpFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (JsonNode each : json.path("files")) {
            String path = text(file, each, "path");
            if (!BackupLayout.admits(path)) {
                throw new RefusedException(
                        "The manifest %s names the file '%s', which no backup holds. Nothing was restored; use a backup that this program made."
                                .formatted(file, InertText.of(path)));
            }
            if (!paths.add(path)) {
                throw malformed(file, "it names '" + InertText.of(path) + "' twice", null);
            }
            String sha256 = text(file, each, "sha256");
            if (!SHA256.matcher(sha256).matches() || !each.path("size").canConvertToLong()) {
                throw malformed(file, "size or sha256 of '" + InertText.of(path) + "' is none", null);
            }
            files.add(new BackedUpFile(path, each.path("size").asLong(), sha256));
        }
        for (String needed : List.of(BackupLayout.CONFIGURATION, BackupLayout.DATABASE)) {
            if (!paths.contains(needed)) {
                throw malformed(file, "it does not name '" + needed + "'", null);
            }
        }
        List<String> leftOut = new ArrayList<>();
        json.path("left_out").forEach(path -> leftOut.add(path.asString("")));
        return new Manifest(
                Instant.parse(text(file, json, "created_at")),
                json.path("program_version").isString()
                        ? json.path("program_version").asString()
                        : null,
                text(file, json, "schema_version"),
                files,
                leftOut);
    }

    private static String text(Path file, JsonNode json, String key) {
        if (!json.path(key).isString()) {
            throw malformed(file, "a " + key + " is missing", null);
        }
        return json.path(key).asString();
    }

    private static BackupException malformed(Path file, String what, @Nullable Throwable cause) {
        return new BackupException(
                "The manifest %s is not that of a backup: %s. Nothing was restored; use another backup."
                        .formatted(file, what),
                cause);
    }
}
