package dev.ttrpc.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Javadoc comment being written: paragraphs, then tags. */
final class Javadoc {
    private static final Pattern BLANK_LINES = Pattern.compile("\n(?:[ \t]*\n)+");
    private static final Pattern LAID_OUT = Pattern.compile("(?m)^(?:[ \t]|[-*+|>] |[0-9]+[.)] |```)");

    private static final Pattern LINE = Pattern.compile("(.{1,112})(?: |$)");

    private final List<String> paragraphs = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();

    /**
     * Adds a proto comment, which is plain text: blank lines part its paragraphs, and what is laid out by hand (lists,
     * indented lines) stays so.
     */
    Javadoc comment(String text) {
        String plain = unindented(text.replace("\r\n", "\n").replace('\r', '\n'));
        for (String paragraph : BLANK_LINES.split(plain)) {
            if (!paragraph.isBlank()) {
                String escaped = escape(paragraph);
                paragraphs.add(LAID_OUT.matcher(paragraph).find() ? "<pre>\n" + escaped + "\n</pre>" : escaped);
            }
        }
        return this;
    }

    /** Adds a paragraph that is Javadoc already, in lines of a readable length. */
    Javadoc paragraph(String javadoc) {
        paragraphs.add(LINE.matcher(javadoc).replaceAll("$1\n").stripTrailing());
        return this;
    }

    /** Adds the tag that javac wants beside {@code @Deprecated}. */
    Javadoc deprecated(String file) {
        tags.add("@deprecated Marked as deprecated in " + escape(file) + ".");
        return this;
    }

    /** The comment; empty if nothing was added. */
    @Override
    public String toString() {
        StringBuilder body = new StringBuilder();
        for (String paragraph : paragraphs) {
            boolean follows = !body.isEmpty();
            body.append(follows ? "\n" : "");
            body.append(follows && !paragraph.startsWith("<pre>") ? "<p>" : "");
            body.append(paragraph).append('\n');
        }
        body.append(!tags.isEmpty() && !paragraphs.isEmpty() ? "\n" : "");
        tags.forEach(tag -> body.append(tag).append('\n'));
        String text = body.toString().stripTrailing();
        if (text.isEmpty()) {
            return "";
        }
        if (text.indexOf('\n') < 0 && text.length() <= 109) {
            return "/** " + text + " */";
        }
        return "/**\n" + text.replaceAll("(?m)^(.*)$", " * $1").replaceAll("(?m) +$", "") + "\n */";
    }

    /** Nothing in a comment may end it, be a tag, be HTML, or be a Unicode escape. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("\\", "&#92;")
                .replace("*/", "*&#47;")
                .replace("/*", "/&#42;");
    }

    private static String unindented(String text) {
        String lines = text.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        return lines.stripTrailing().stripIndent().replaceFirst("^\n+", "");
    }
}
