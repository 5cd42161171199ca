package io.pipelinev2.deploy.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What tells one build of a program from another: the names, sizes and checksums that its jars list of what is in them.
 * Their bytes, 80 MB and more, would be as good and cost every command that starts a trader a second of computing where the
 * JVM's second compiler is off.
 */
final class ProgramDigest {

    private ProgramDigest() {}

    /**
     * In hexadecimal.
     *
     * @throws IOException if one of them cannot be read
     */
    static String of(List<Path> jars) throws IOException {
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path jar : jars) {
                write(jar, out);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void write(Path jar, OutputStream out) throws IOException {
        StringBuilder listed = new StringBuilder().append(Files.size(jar)).append('\n');
        try (ZipFile file = new ZipFile(jar.toFile())) {
            file.stream().forEach(entry -> append(entry, listed));
        } catch (ZipException e) {
            // The JVM finds no classes in it, and the trader will say so.
            try (InputStream in = Files.newInputStream(jar)) {
                in.transferTo(out);
            }
        }
        out.write(listed.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void append(ZipEntry entry, StringBuilder listed) {
        listed.append(entry.getCrc())
                .append(' ')
                .append(entry.getSize())
                .append(' ')
                .append(entry.getName())
                .append('\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
