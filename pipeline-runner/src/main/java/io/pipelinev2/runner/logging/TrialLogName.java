package io.pipelinev2.runner.logging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of a trial's log file. A study may be called anything: what a file name should not hold is replaced, and then a
 * part of the name's hash is added, so that two studies never share a file by their names being alike.
 */
final class TrialLogName {

    private static final int MAX_LENGTH = 80;
    // no leading dot: neither hidden, nor one of the directory's own names
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Pattern HARMFUL = Pattern.compile("^\\.|[^A-Za-z0-9._-]");

    private TrialLogName() {}

    static String of(String study, int number) {
        return "%s-%d.log".formatted(plain(study), number);
    }

    private static String plain(String study) {
        if (study.length() <= MAX_LENGTH && HARMLESS.matcher(study).matches()) {
            return study;
        }
        // cut first: the name may be as long as a database allows
        String head = study.substring(0, Math.min(study.length(), MAX_LENGTH));
        // no harmless name has a tilde, so none can pose as an altered one
        return HARMFUL.matcher(head).replaceAll("_") + "~" + hash(study);
    }

    private static String hash(String study) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(study.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
