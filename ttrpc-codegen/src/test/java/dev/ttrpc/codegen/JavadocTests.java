package dev.ttrpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavadocTests {

    @Test
    void nothingToSayIsNoComment() {
        assertThat(new Javadoc().comment(" \n\n").toString()).isEmpty();
    }

    @Test
    void oneLineStaysOneLine() {
        assertThat(new Javadoc().comment(" Says hello.\n").toString()).isEqualTo("/** Says hello. */");
    }

    @Test
    void blankLinesPartParagraphs() {
        assertThat(new Javadoc().comment(" One.\n\n\n Two\n more.\n").toString())
                .isEqualTo("""
                /**
                 * One.
                 *
                 * <p>Two
                 * more.
                 */""");
    }

    @Test
    void whatIsLaidOutByHandStaysSo() {
        assertThat(new Javadoc().comment(" List:\n - a\n - b\n\n End.\n").toString())
                .isEqualTo("""
                /**
                 * <pre>
                 * List:
                 * - a
                 * - b
                 * </pre>
                 *
                 * <p>End.
                 */""");
    }

    @Test
    void nothingInACommentIsJavadocOrEndsIt() {
        assertThat(new Javadoc()
                        .comment("a */ b /* c @see {@link d} <e> &amp; \\u002a/")
                        .toString())
                .isEqualTo("/** a *&#47; b /&#42; c &#64;see {&#64;link d} &lt;e&gt; &amp;amp; &#92;u002a/ */");
    }

    @Test
    void carriageReturnsAreLineEnds() {
        assertThat(new Javadoc().comment(" One\r\n two\r").toString()).isEqualTo("""
                /**
                 * One
                 * two
                 */""");
    }

    @Test
    void tagsComeLast() {
        assertThat(new Javadoc().deprecated("a.proto").comment("One.").toString())
                .isEqualTo("""
                /**
                 * One.
                 *
                 * @deprecated Marked as deprecated in a.proto.
                 */""");
    }

    @Test
    void dollarsMeanNothing() {
        assertThat(new Javadoc().comment("costs $1, $sayHello").toString()).isEqualTo("/** costs $1, $sayHello */");
    }
}
