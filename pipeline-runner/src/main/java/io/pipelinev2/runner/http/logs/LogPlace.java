package io.pipelinev2.runner.http.logs;

import io.pipelinev2.runner.http.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a log was read. The file is told by its inode, because its name goes to another one when it is full.
 *
 * @param file the inode of the file, 0 for none
 * @param offset in bytes
 */
public record LogPlace(long file, long offset) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /** @throws ProblemException if the text is none (400) */
    public static LogPlace parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new ProblemException(400, "after must be `next` of an answer before. Leave it out to begin anew.");
        }
        return new LogPlace(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return file + "-" + offset;
    }
}
