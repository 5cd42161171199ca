package io.pipelinev2.runner.backup;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file or directory that a restore replaces, by two renames: what is there is moved aside, what was staged is moved
 * in. Three places on one file system.
 *
 * @param target where it belongs
 * @param staged the new one until it is in its place, or null if there is none
 * @param aside where the old one is kept
 */
record Replacement(Path target, @Nullable Path staged, Path aside) {}
