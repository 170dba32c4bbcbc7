package dev.ttrpc.verification.interop.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConformanceCasesTests {
    @Test
    void everyCaseHasANameOfItsOwnAndAMeaning() {
        assertThat(ConformanceCases.ALL).extracting(ConformanceCase::name).doesNotHaveDuplicates();
        assertThat(ConformanceCases.ALL).allSatisfy(each -> {
            assertThat(each.name()).matches("[a-z]+(-[a-z]+)*");
            assertThat(each.meaning()).isNotBlank().doesNotContain("\n");
            assertThat(each.needsLink()).isEqualTo(each.name().startsWith("link-"));
        });
    }
}
