package dev.ttrpc.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parts of a source file, each from a comment {@code snippet: NAME} to the next comment {@code end}, without the indentation that all their
 * lines share.
 */
final class Snippet {
    private static final Pattern END = Pattern.compile("\\s*(//|#|<!--) end( -->)?");

    private Snippet() {}

    /** @param name a file below the project's folder, {@code #}, and the names of the parts with {@code +} between them */
    static String read(String name) {
        int hash = name.indexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException(name + " names no part of a file, write FILE#NAME");
        }
        return parts(Page.read(Page.ROOT.resolve(name.substring(0, hash))), name.substring(hash + 1));
    }

    static String parts(List<String> lines, String names) {
        List<String> found = new ArrayList<>();
        for (String name : names.split("\\+")) {
            int begin = index(lines, 0, Pattern.compile("\\s*(//|#|<!--) snippet: " + Pattern.quote(name) + "( -->)?"));
            found.addAll(lines.subList(begin + 1, index(lines, begin, END)));
        }
        int indentation = found.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return found.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indentation))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static int index(List<String> lines, int from, Pattern wanted) {
        for (int i = from; i < lines.size(); i++) {
            if (wanted.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no line " + wanted);
    }
}
