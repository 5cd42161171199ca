package io.pipelinev2.runner.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the file systems that are written to have room, for data and for files. */
public final class DiskCheck implements Check {

    private static final long MEGA = 1_000_000;
    private static final long LOW = 1_000 * MEGA;
    private static final long EMPTY = 100 * MEGA;

    /** The line of {@code df -Pi} on a file system: inodes, used, free. */
    private static final Pattern INODES =
            Pattern.compile("^\\S.*?\\s(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+\\d+%", Pattern.MULTILINE);

    private final Machine machine;
    private final List<Path> written;

    /** @param written the directories and files that are written to; they need not be there yet */
    public DiskCheck(Machine machine, List<Path> written) {
        this.machine = machine;
        this.written = List.copyOf(written);
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public List<Finding> look() throws IOException {
        Map<FileStore, Path> stores = new LinkedHashMap<>();
        for (Path each : written) {
            Path there = existing(each);
            stores.putIfAbsent(Files.getFileStore(there), there);
        }
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<FileStore, Path> each : stores.entrySet()) {
            findings.add(room(each.getValue(), each.getKey().getUsableSpace()));
            inodes(each.getValue(), findings);
        }
        return findings;
    }

    /** What will be made lies on the file system of what it will be made in. */
    private static Path existing(Path path) {
        Path there = path.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    static Finding room(Path place, long free) {
        String words = String.format(Locale.ROOT, "%.1f GB are free at %s", free / 1e9, place);
        String fix =
                "make room (df, du), or move what grows: database, logs.directory; logs.max_total and retention keep"
                        + " it small";
        if (free < EMPTY) {
            return Finding.fail(words, fix);
        }
        return free < LOW ? Finding.warn(words, fix) : Finding.ok(words);
    }

    private void inodes(Path place, List<Finding> findings) throws IOException {
        Matcher line = INODES.matcher(machine.say("df", "-Pi", place.toString()).orElse(""));
        if (line.find()) {
            long all = Long.parseLong(line.group(1));
            long free = Long.parseLong(line.group(3));
            // some file systems have no limit, and say 0
            if (all > 0 && free * 100 < all) {
                findings.add(Finding.warn(
                        "of %d inodes at %s only %d are free, so files cannot be made although there is room"
                                .formatted(all, place, free),
                        "remove what is many small files: df -i, and du --inodes"));
            }
        }
    }
}
