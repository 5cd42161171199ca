package io.pipelinev2.backtest.market;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of an {@code .npy} file: a Python dictionary literal with exactly the keys {@code descr}, {@code
 * fortran_order} and {@code shape}.
 */
record NpyHeader(String descr, boolean fortranOrder, List<Long> shape) {

    /** NumPy itself knows 64 dimensions; more in a header is a sign of something else. */
    private static final int MAX_DIMENSIONS = 64;

    NpyHeader {
        shape = List.copyOf(shape);
    }

    /** @throws MalformedMarketDataException naming {@code file} when the text is not such a dictionary */
    static NpyHeader parse(String text, String file) {
        return new Parser(text, file).parse();
    }

    /** A recursive-descent parser of the one literal that NumPy writes. It knows no expressions and no nesting. */
    private static final class Parser {

        private final String text;
        private final String file;
        private int at;

        Parser(String text, String file) {
            this.text = text;
            this.file = file;
        }

        NpyHeader parse() {
            String descr = null;
            Boolean fortranOrder = null;
            List<Long> shape = null;
            Set<String> seen = new HashSet<>();
            expect('{');
            while (!accept('}')) {
                String key = string();
                if (!seen.add(key)) {
                    throw malformed("the key '" + key + "' appears twice");
                }
                expect(':');
                switch (key) {
                    case "descr" -> descr = descr();
                    case "fortran_order" -> fortranOrder = bool();
                    case "shape" -> shape = tuple();
                    default -> throw malformed("unknown key '" + key + "'");
                }
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            skipBlanks();
            if (at != text.length()) {
                throw malformed("text after the closing brace");
            }
            if (descr == null || fortranOrder == null || shape == null) {
                throw malformed("descr, fortran_order and shape must all be there");
            }
            return new NpyHeader(descr, fortranOrder, shape);
        }

        private String descr() {
            skipBlanks();
            if (at < text.length() && text.charAt(at) == '[') {
                throw new MalformedMarketDataException(file
                        + " is a structured (record) array, but plain numbers are needed. Save it again with"
                        + " np.save(path, array.astype('<f8')).");
            }
            return string();
        }

        private String string() {
            skipBlanks();
            char quote = at < text.length() ? text.charAt(at) : 0;
            if (quote != '\'' && quote != '"') {
                throw malformed("a quoted string was expected at character " + at);
            }
            int end = text.indexOf(quote, at + 1);
            if (end < 0 || end - at > 64) {
                throw malformed("an unterminated or overlong string at character " + at);
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private boolean bool() {
            skipBlanks();
            if (text.startsWith("True", at)) {
                at += 4;
                return true;
            }
            if (text.startsWith("False", at)) {
                at += 5;
                return false;
            }
            throw malformed("fortran_order must be True or False");
        }

        private List<Long> tuple() {
            List<Long> values = new ArrayList<>();
            expect('(');
            while (!accept(')')) {
                values.add(number());
                if (values.size() > MAX_DIMENSIONS) {
                    throw malformed("shape has more than " + MAX_DIMENSIONS + " dimensions");
                }
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            return values;
        }

        private long number() {
            skipBlanks();
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == start || at - start > 18) {
                throw malformed("a dimension must be a whole number of at most 18 digits");
            }
            long value = Long.parseLong(text.substring(start, at));
            // Python 2 wrote long integers with a suffix.
            if (at < text.length() && text.charAt(at) == 'L') {
                at++;
            }
            return value;
        }

        private void expect(char wanted) {
            if (!accept(wanted)) {
                throw malformed("'" + wanted + "' was expected at character " + at);
            }
        }

        private boolean accept(char wanted) {
            skipBlanks();
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
        }

        private MalformedMarketDataException malformed(String what) {
            return new MalformedMarketDataException(file + " has a damaged .npy header (" + what
                    + "). Write the file again with np.save or copy it again from where it was made.");
        }
    }
}
