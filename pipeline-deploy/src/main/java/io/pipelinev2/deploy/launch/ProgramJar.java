package io.pipelinev2.deploy.launch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A jar that a program was started from, and where it keeps the rest of its classes. */
final class ProgramJar {

    private static final String PROGRAM = "io.pipelinev2.runner.cli.Main";

    /** The directory within the jar that Spring Boot's launcher takes further jars from. */
    private static final Attributes.Name NESTED = new Attributes.Name("Spring-Boot-Lib");

    private ProgramJar() {}

    /** Whether it is this program's own, which knows the command {@code trade}. */
    static boolean isOurs(Path jar) {
        return PROGRAM.equals(attribute(jar, Attributes.Name.MAIN_CLASS));
    }

    /** Whether this file or directory has this class, at a place where the Java launcher looks. */
    static boolean has(Path entry, String className) {
        String name = className.replace('.', '/') + ".class";
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve(name));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(name) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** These, and what their manifests name as their class path, as far as it is there. */
    static List<Path> withManifestClassPath(List<Path> entries) {
        List<Path> all = new ArrayList<>(entries);
        // grows while it is looked at: a jar that was named may name others
        for (int next = 0; next < all.size(); next++) {
            Path jar = all.get(next);
            for (String reference : attribute(jar, Attributes.Name.CLASS_PATH).split(" +")) {
                Path named = reference.isEmpty() ? jar : file(jar, reference);
                if (Files.exists(named) && !all.contains(named)) {
                    all.add(named);
                }
            }
        }
        return List.copyOf(all);
    }

    private static Path file(Path jar, String reference) {
        try {
            URI named = jar.toUri().resolve(reference);
            return "file".equals(named.getScheme()) ? Path.of(named).normalize() : jar;
        } catch (IllegalArgumentException e) {
            // as the Java launcher does with what is no reference to a file
            return jar;
        }
    }

    /**
     * The names of the jars within this one, for the launcher of Spring Boot; none in a jar of any other kind.
     *
     * @throws IOException if it cannot be read
     */
    static List<String> nested(Path jar) throws IOException {
        String directory = attribute(jar, NESTED);
        if (directory.isEmpty()) {
            return List.of();
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(directory) && name.endsWith(".jar"))
                    .toList();
        }
    }

    /** Empty if it has none, or is no jar that can be read. */
    private static String attribute(Path jar, Attributes.Name name) {
        if (!Files.isRegularFile(jar)) {
            return "";
        }
        try (JarFile opened = new JarFile(jar.toFile())) {
            Manifest manifest = opened.getManifest();
            String value =
                    manifest == null ? null : manifest.getMainAttributes().getValue(name);
            return value == null ? "" : value;
        } catch (IOException e) {
            return "";
        }
    }
}
