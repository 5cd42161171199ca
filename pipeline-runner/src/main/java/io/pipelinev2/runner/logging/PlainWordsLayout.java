package io.pipelinev2.runner.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.pipelinev2.core.logging.LogCode;
import io.pipelinev2.runner.config.InertText;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line for a person. What was logged cannot forge another line or speak to the terminal: its own lines are indented and
 * its control characters are shown as escapes.
 */
final class PlainWordsLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final boolean detailed;

    PlainWordsLayout(boolean detailed) {
        this.detailed = detailed;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        String level = event.getLevel().toString().toLowerCase(Locale.ROOT);
        if (detailed) {
            out.append(TIME.format(event.getInstant())).append(' ');
        }
        out.append(level.equals("warn") ? "warning" : level).append(": ");
        String message = String.valueOf(event.getFormattedMessage());
        appendIndented(out, message);
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null && detailed) {
            appendIndented(
                    out.append("\n    "), ThrowableProxyUtil.asString(thrown).stripTrailing());
        } else if (thrown != null) {
            appendIndented(out, reason(thrown, message));
        }
        CodeFields.of(event).filter(code -> code != RunnerLogCode.FOREIGN).ifPresent(code -> appendCode(out, code));
        return out.append('\n').toString();
    }

    /** Where to look it up; with details, what to do as well. */
    private void appendCode(StringBuilder out, LogCode code) {
        if (detailed) {
            out.append("\n    ")
                    .append(code.code())
                    .append(": ")
                    .append(code.action())
                    .append('.');
        } else {
            out.append(" [").append(code.code()).append(']');
        }
    }

    /** The messages of the throwable and of what is at its root, as far as they say something new. */
    private static String reason(IThrowableProxy thrown, String said) {
        String own = words(thrown);
        IThrowableProxy root = root(thrown);
        String deepest = root == thrown ? own : words(root);
        StringBuilder reason = new StringBuilder();
        if (!said.contains(own)) {
            reason.append(" (").append(own).append(')');
        }
        if (!said.contains(deepest) && !own.contains(deepest)) {
            reason.append(" (caused by: ").append(deepest).append(')');
        }
        return reason.toString();
    }

    private static IThrowableProxy root(IThrowableProxy thrown) {
        IThrowableProxy root = thrown;
        // as deep as anyone would look; a cycle of causes must not hold the log
        for (int depth = 0; depth < 20 && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static String words(IThrowableProxy thrown) {
        @Nullable String message = thrown.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        String name = thrown.getClassName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static void appendIndented(StringBuilder out, String text) {
        String[] lines = text.split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length; i++) {
            out.append(i == 0 ? "" : "\n    ").append(InertText.of(lines[i].replace("\t", "    ")));
        }
    }
}
