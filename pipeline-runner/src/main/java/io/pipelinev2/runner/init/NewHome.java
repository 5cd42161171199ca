package io.pipelinev2.runner.init;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A home that is about to be made. Nothing that is there is ever overwritten, and what is made is its owner's alone from the
 * moment on at which it is there.
 */
public final class NewHome {

    private static final Pattern PLACEHOLDER = Pattern.compile("@(\\w+)@");
    private static final int TOKEN_BYTES = 32;

    private final Path directory;
    private final Answers answers;

    public NewHome(Path directory, Answers answers) {
        this.directory = directory.toAbsolutePath().normalize();
        this.answers = answers;
    }

    /** The file that configures the home. */
    public Path configuration() {
        return directory.resolve(ConfigLoader.DEFAULT_FILE);
    }

    /** The file that holds what lets somebody steer over HTTP. */
    public Path token() {
        return directory.resolve("state").resolve("http_token");
    }

    /** The unit file. */
    public Path unit() {
        return directory.resolve("pipeline.service");
    }

    /**
     * Refuses to make a home where there is one.
     *
     * @throws RefusedException if there is one
     */
    public void refuseIfThere() {
        if (Files.exists(configuration())) {
            throw new RefusedException(
                    ("There is a home in %s already, and it stays as it is. `doctor --config %s` looks at it; to make another"
                                    + " one, name an empty directory.")
                            .formatted(directory, configuration()));
        }
    }

    /**
     * Makes it.
     *
     * @throws RefusedException if there is one already
     * @throws ConfigException if one of the answers cannot be; nothing was made then
     * @throws HomeUnwritableException if the directory cannot be written
     */
    public void make() {
        refuseIfThere();
        String text = filled(
                "pipeline.json",
                Map.of(
                        "storage", quoted(answers.storage()),
                        "models", quoted(answers.models()),
                        "data", quoted(answers.data()),
                        "port", Integer.toString(answers.port())));
        try {
            Files.createDirectories(directory, mode("rwx------"));
            check(text);
            Files.createDirectories(directory.resolve("state"), mode("rwx------"));
            Files.createDirectories(directory.resolve("logs"), mode("rwx------"));
            makeToken();
            // last: its presence says that the home is complete
            write(configuration(), text);
        } catch (FileAlreadyExistsException e) {
            throw new RefusedException(
                    "%s is in the way of a new home. Choose another directory.".formatted(e.getFile()));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Writes the unit file.
     *
     * @param program what starts the program, such as {@code /opt/pipeline/pipeline}
     * @throws RefusedException if there is one already
     */
    public void makeUnit(String program) {
        try {
            write(
                    unit(),
                    filled(
                            "pipeline.service",
                            Map.of(
                                    "user", System.getProperty("user.name", "pipeline"),
                                    "program", program,
                                    "config", configuration().toString(),
                                    "home", directory.toString())));
        } catch (FileAlreadyExistsException e) {
            throw new RefusedException("%s is there already, and stays as it is.".formatted(unit()));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private HomeUnwritableException unwritable(IOException e) {
        return new HomeUnwritableException(
                "A home cannot be made in %s: %s. Name a directory that you may write to.".formatted(directory, e), e);
    }

    /** Before anything of it can be seen. */
    private void check(String text) throws IOException {
        Path draft = Files.createTempFile(directory, ".pipeline", ".json");
        try {
            Files.writeString(draft, text);
            new ConfigLoader(Map.of(), directory).load(draft, directory);
        } catch (ConfigException e) {
            throw new ConfigException(e.faults().stream()
                    .map(fault -> fault.replace(draft.toString(), "the answers"))
                    .toList());
        } finally {
            Files.delete(draft);
        }
    }

    private void makeToken() throws IOException {
        if (Files.exists(token())) {
            return;
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        write(token(), HexFormat.of().formatHex(random) + "\n");
    }

    private static void write(Path file, String text) throws IOException {
        Set<StandardOpenOption> anew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, anew, mode("rw-------"))) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static FileAttribute<?>[] mode(String mode) {
        boolean posix =
                Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    private static String filled(String name, Map<String, String> values) {
        try (InputStream in = NewHome.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this program lacks " + name);
            }
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            // all in one pass, so that an answer stays what it is
            return PLACEHOLDER
                    .matcher(template)
                    .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
        } catch (IOException e) {
            throw new IllegalStateException("this program's " + name + " cannot be read", e);
        }
    }
}
