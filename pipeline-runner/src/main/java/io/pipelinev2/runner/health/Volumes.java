package io.pipelinev2.runner.health;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file systems that the pipeline's directories lie on, each once. */
final class Volumes {

    private final List<Path> written;
    private final List<Path> read;

    Volumes(List<Path> written, List<Path> read) {
        this.written = List.copyOf(written);
        this.read = List.copyOf(read);
    }

    /** Those that are written to. */
    List<Volume> written() throws IOException {
        return of(written, List.of());
    }

    /** All of them. */
    List<Volume> all() throws IOException {
        return of(written, read);
    }

    private static List<Volume> of(List<Path> written, List<Path> read) throws IOException {
        Map<FileStore, Volume> volumes = new LinkedHashMap<>();
        for (Path path : written) {
            add(path, true, volumes);
        }
        for (Path path : read) {
            add(path, false, volumes);
        }
        return new ArrayList<>(volumes.values());
    }

    private static void add(Path path, boolean writes, Map<FileStore, Volume> volumes) throws IOException {
        Path there = path.toAbsolutePath();
        while (!Files.exists(there)) {
            Path parent = there.getParent();
            if (parent == null) {
                return;
            }
            there = parent;
        }
        FileStore store = Files.getFileStore(there);
        Volume known = volumes.get(store);
        if (known == null) {
            volumes.put(store, new Volume(path.toString(), store.getTotalSpace(), store.getUsableSpace(), writes));
        } else if (writes) {
            volumes.put(store, known.alsoWritten());
        }
    }
}
