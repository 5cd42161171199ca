package io.pipelinev2.runner.logging;

import io.pipelinev2.runner.config.InertText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;

/**
 * Escapes more than JSON asks for: the control characters above ASCII, which some terminals obey, and those that change
 * the reading direction. A log file can be shown as it is.
 */
final class InertEscapes extends CharacterEscapes {

    private static final int DELETE = 0x7f;

    private final int[] ascii;

    InertEscapes() {
        ascii = CharacterEscapes.standardAsciiEscapesForJSON();
        ascii[DELETE] = CharacterEscapes.ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        // the halves of a pair come one by one, and are the encoder's business
        boolean escaped = InertText.isUnsafe(character) && Character.getType(character) != Character.SURROGATE;
        return escaped ? new SerializedString("\\u%04x".formatted(character)) : null;
    }
}
