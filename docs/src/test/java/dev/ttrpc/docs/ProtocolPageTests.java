package dev.ttrpc.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the page of the protocol to the tests that it names. */
class ProtocolPageTests {
    private static final Path CORE_TESTS = Page.ROOT.resolve("ttrpc-netty-core/src/test/java");

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");
    private static final Pattern TEST = Pattern.compile("\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b.*");
    private static final Pattern METHOD = Pattern.compile("\\s*(?:void|Stream<[\\w<>?]+>) (\\w+)\\(.*");

    @Test
    void everyRowNamesATestThatThereIs() {
        Map<String, Set<String>> tests = testsOfTheCore();
        List<String> wrong = new ArrayList<>();
        tables(Page.read(Page.ROOT.resolve("docs/protocol.md")))
                .forEach((title, rows) -> rows.forEach(row -> wrong.addAll(wrong(title + ": " + row, row, tests))));

        assertThat(wrong).isEmpty();
    }

    @Test
    void noTableIsEmpty() {
        Map<String, List<String>> tables = tables(Page.read(Page.ROOT.resolve("docs/protocol.md")));

        assertThat(tables).hasSizeGreaterThanOrEqualTo(10);
        assertThat(tables.values()).noneMatch(List::isEmpty);
    }

    @Test
    void rowWithoutATestAndOneWithATestThatIsNotThereAreFound() {
        Map<String, Set<String>> tests = Map.of("ATests", Set.of("holds"));

        assertThat(wrong("row", "| `B.c` | says | `ATests.holds` |", tests)).isEmpty();
        assertThat(wrong("row", "| a | says |  |", tests)).containsExactly("no test: row");
        assertThat(wrong("row", "| a | `ATests.holds` | and no more |", tests)).containsExactly("no test: row");
        assertThat(wrong("row", "| a | says | `ATests.holds`, `ATests.breaks` |", tests))
                .containsExactly("no test ATests.breaks: row");
        assertThat(wrong("row", "| a | says | `BTests.holds` |", tests)).containsExactly("no test BTests.holds: row");
    }

    @Test
    void tablesAreFoundByTheirHeadings() {
        assertThat(tables(List.of(
                        "# Page", "## A", "text", "| h |", "| --- |", "| 1 |", "| 2 |", "## B", "| h |", "|---|")))
                .containsExactly(entry("A", List.of("| 1 |", "| 2 |")), entry("B", List.of()));
    }

    @Test
    void testsAreMethodsWithATestsAnnotation() {
        assertThat(testsIn("""
                @Test
                void one() throws Exception { helper(); }
                private void helper() {}
                @ParameterizedTest(name = "{0}")
                @CsvSource({"a, b", "c"})
                void two(String a) {}
                @Test // it is slow
                @Timeout(3)
                void three() {}
                void four() {}
                @TestFactory
                Stream<DynamicTest> five() {}
                """.lines().toList())).containsExactly("five", "one", "three", "two");
    }

    private static List<String> wrong(String where, String row, Map<String, Set<String>> tests) {
        String withoutEnd = row.strip().replaceFirst("\\|$", "");
        String last = withoutEnd.substring(withoutEnd.lastIndexOf('|') + 1);
        List<MatchResult> named = NAMED.matcher(last).results().toList();
        if (named.isEmpty()) {
            return List.of("no test: " + where);
        }
        return named.stream()
                .filter(name -> !tests.getOrDefault(name.group(1), Set.of()).contains(name.group(2)))
                .map(name -> "no test " + name.group(1) + "." + name.group(2) + ": " + where)
                .toList();
    }

    /** The rows of each table by the heading above it. */
    private static Map<String, List<String>> tables(List<String> lines) {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        String title = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("## ")) {
                title = line.substring(3);
            } else if (line.startsWith("|---") || line.startsWith("| ---")) {
                List<String> rows = new ArrayList<>();
                while (i + 1 < lines.size() && lines.get(i + 1).startsWith("|")) {
                    rows.add(lines.get(++i));
                }
                tables.put(title, rows);
            }
        }
        return tables;
    }

    private static Map<String, Set<String>> testsOfTheCore() {
        Map<String, Set<String>> tests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(CORE_TESTS)) {
            files.filter(file -> file.toString().endsWith("Tests.java")
                            || file.toString().endsWith("IT.java"))
                    .forEach(file -> tests.computeIfAbsent(
                                    file.getFileName().toString().replace(".java", ""), name -> new TreeSet<>())
                            .addAll(testsIn(Page.read(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tests;
    }

    /** The methods below an annotation of a test. */
    private static Set<String> testsIn(List<String> source) {
        Set<String> names = new TreeSet<>();
        boolean annotated = false;
        for (String line : source) {
            Matcher method = METHOD.matcher(line);
            if (TEST.matcher(line).matches()) {
                annotated = true;
            } else if (method.matches()) {
                if (annotated) {
                    names.add(method.group(1));
                }
                annotated = false;
            }
        }
        return names;
    }
}
