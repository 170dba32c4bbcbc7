package dev.ttrpc.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A page of the manual, with its fenced blocks and its links to files of the project. */
record Page(Path file, List<Block> blocks, List<String> links) {
    /** The project's folder. Modules run their tests in their own. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+) -->");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");
    private static final String FENCE = "```";

    /**
     * A fenced block.
     *
     * @param line where it begins
     * @param snippet what the marker above it names, or null
     */
    record Block(int line, String language, @Nullable String snippet, String text) {}

    /** The README, that of the sample, and all pages of the manual. */
    static List<Page> all() {
        try (Stream<Path> manual = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("sample-app/README.md")), manual.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(file -> parse(file, read(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page parse(Path file, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        List<String> links = new ArrayList<>();
        String snippet = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith(FENCE)) {
                int begin = i;
                while (!lines.get(++i).strip().equals(FENCE)) {}
                blocks.add(new Block(
                        begin + 1,
                        line.strip().substring(FENCE.length()),
                        snippet,
                        String.join("\n", lines.subList(begin + 1, i))));
                snippet = null;
            } else if (!line.isBlank()) {
                Matcher marker = MARKER.matcher(line);
                snippet = marker.matches() ? marker.group(1) : null;
                LINK.matcher(line).results().map(link -> link.group(1)).forEach(links::add);
            }
        }
        return new Page(file, blocks, links);
    }

    static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return ROOT.relativize(file).toString();
    }
}
