package dev.ttrpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTests {

    @Test
    void namesBecomeTheirValuesAndValuesAreTakenAsTheyAre() {
        assertThat(fill("$a and $b.c();", Map.of("a", "$b", "b", "\\x"))).isEqualTo("$b and \\x.c();\n");
    }

    @Test
    void nameAloneOnItsLineIndentsAllLinesOfItsValue() {
        assertThat(fill("{\n    $a\n}", Map.of("a", "x {\n\n    y\n}")))
                .isEqualTo("{\n    x {\n\n        y\n    }\n}\n");
    }

    @Test
    void emptyValueAloneOnItsLineTakesTheLineAway() {
        assertThat(fill("x\n$a\ny", Map.of("a", ""))).isEqualTo("x\ny\n");
    }

    @Test
    void noMoreThanOneBlankLineStays() {
        assertThat(fill("x {\n\n    y\n\n    $a\n\n}", Map.of("a", ""))).isEqualTo("x {\n\n    y\n}\n");
        assertThat(fill("x\n\n$a\n\ny", Map.of("a", ""))).isEqualTo("x\n\ny\n");
    }

    @Test
    void bracesAroundNothingStandTogether() {
        assertThat(fill("x {\n\n    $a\n\n    $a\n\n}", Map.of("a", ""))).isEqualTo("x {}\n");
    }

    @Test
    void furtherLinesWithinALineContinueIt() {
        assertThat(fill("    f($a);", Map.of("a", "x,\ny"))).isEqualTo("    f(x,\n            y);\n");
    }

    private static String fill(String template, Map<String, String> values) {
        return Template.of(template).fill(values::get);
    }
}
