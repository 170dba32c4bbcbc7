package dev.ttrpc.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTests {
    @Test
    void blockHasTheMarkerThatStandsAboveIt() {
        Page page = page("<!-- snippet: a#b -->", "", "```java", "one", "two", "```", "```yaml", "three", "```");

        assertThat(page.blocks())
                .containsExactly(
                        new Page.Block(3, "java", "a#b", "one\ntwo"), new Page.Block(7, "yaml", null, "three"));
    }

    @Test
    void textBetweenMarkerAndBlockTakesTheMarkerAway() {
        assertThat(page("<!-- snippet: a#b -->", "text", "```java", "```")
                        .blocks()
                        .get(0)
                        .snippet())
                .isNull();
    }

    @Test
    void linksAreThoseIntoTheProject() {
        assertThat(page("[a](docs/a.md#x) and [b](https://example.com) and [c](../c)")
                        .links())
                .containsExactly("docs/a.md", "../c");
    }

    @Test
    void partsOfAFileLoseWhatAllTheirLinesAreIndentedBy() {
        List<String> lines = List.of(
                "class A {",
                "    // snippet: a",
                "    x {",
                "",
                "        y",
                "    // end",
                "    # snippet: b",
                "    }",
                "# end");

        assertThat(Snippet.parts(lines, "a+b")).isEqualTo("x {\n\n    y\n}");
    }

    @Test
    void partThatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Snippet.parts(List.of("x"), "a"))
                .withMessageContaining("snippet: \\Qa\\E");
    }

    private static Page page(String... lines) {
        return Page.parse(Path.of("page.md"), List.of(lines));
    }
}
