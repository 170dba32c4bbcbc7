package dev.ttrpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.docs.Page.Block;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManualTests {
    private static final Set<String> TAKEN_FROM_SOURCE = Set.of("java", "yaml", "proto", "xml", "go");
    private static final Set<String> FREE = Set.of("text", "sh");

    static Stream<Page> pages() {
        return Page.all().stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockIsWhatItsSourceSays(Page page) {
        for (Block block : page.blocks()) {
            String where = page + ":" + block.line();
            assertThat(TAKEN_FROM_SOURCE.contains(block.language()) || FREE.contains(block.language()))
                    .as("%s: '%s' is a language that this test knows", where, block.language())
                    .isTrue();
            if (TAKEN_FROM_SOURCE.contains(block.language())) {
                assertThat(block.snippet())
                        .as("%s: a line <!-- snippet: FILE#NAME --> stands above", where)
                        .isNotNull();
                assertThat(block.text()).as(where).isEqualTo(Snippet.read(block.snippet()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFile(Page page) {
        assertThat(page.links())
                .allSatisfy(link -> assertThat(page.file().resolveSibling(link)).exists());
    }

    @Test
    void everyPageIsReachedFromTheReadme() {
        List<Page> pages = Page.all();
        Page readme = pages.get(0);
        Stream<Path> linked = readme.links().stream()
                .map(link -> readme.file().resolveSibling(link).normalize());

        assertThat(linked).containsAll(pages.stream().skip(1).map(Page::file).toList());
    }
}
