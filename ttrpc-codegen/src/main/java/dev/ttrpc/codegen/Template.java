package dev.ttrpc.codegen;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java text with {@code $names} in it, to be read as what it becomes.
 *
 * <p>A name that is alone on its line stands for all lines of its value, indented as the name is; if the value is
 * empty, the line goes. The further lines of a value within a line are indented as continuations. No more than one
 * blank line stays, none before a closing brace, and braces around nothing stand together.
 */
final class Template {
    private static final Pattern NAME = Pattern.compile("\\$([A-Za-z_]+)");
    private static final Pattern ALONE = Pattern.compile("( *)\\$([A-Za-z_]+)");
    private static final String CONTINUATION = " ".repeat(8);

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    static Template of(String text) {
        return new Template(text);
    }

    /** The text with each name's value. Values are taken as they are: a {@code $} in them means nothing. */
    String fill(UnaryOperator<String> values) {
        StringBuilder filled = new StringBuilder();
        text.lines().forEach(line -> {
            Matcher alone = ALONE.matcher(line);
            if (!alone.matches()) {
                filled.append(fillLine(line, values)).append('\n');
                return;
            }
            String value = values.apply(alone.group(2));
            if (!value.isEmpty()) {
                filled.append(value.indent(alone.group(1).length()).replaceAll("(?m)^ +$", ""));
            }
        });
        return filled.toString()
                .replaceAll("\n{3,}", "\n\n")
                .replaceAll("\n{2,}( *})", "\n$1")
                .replaceAll("\\{\n *}", "{}");
    }

    private static String fillLine(String line, UnaryOperator<String> values) {
        String indentation =
                line.substring(0, line.length() - line.stripLeading().length());
        return NAME.matcher(line).replaceAll(name -> {
            String value = values.apply(name.group(1)).replace("\n", "\n" + indentation + CONTINUATION);
            return Matcher.quoteReplacement(value);
        });
    }
}
