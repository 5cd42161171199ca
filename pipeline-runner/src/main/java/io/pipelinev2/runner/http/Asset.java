package io.pipelinev2.runner.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A static file that comes with the program.
 *
 * @param path where it is served
 * @param mediaType what it is
 * @param content its bytes
 * @param href its address in pages: it changes with the content, so that a browser may keep what it has
 */
record Asset(String path, String mediaType, byte[] content, String href) {

    static final Asset STYLE = load("dashboard.css", "text/css; charset=utf-8");
    static final Asset ICON = load("icon.svg", "image/svg+xml");

    private static Asset load(String file, String mediaType) {
        try (InputStream in = Asset.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program was packed without " + file + "; build it again");
            }
            byte[] content = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 12);
            String path = "/assets/" + file;
            return new Asset(path, mediaType, content, path + "?v=" + digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
