package dev.ttrpc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryNamesTests {
    @Test
    void caseAndDashesDoNotCount() {
        assertThat(EntryNames.equal("my-shim", "MYSHIM")).isTrue();
        assertThat(EntryNames.equal("my-shim", "myShim")).isTrue();
        assertThat(EntryNames.equal("my-shim", "my-shim2")).isFalse();
    }

    @Test
    void findsANameWhateverItsSpelling() {
        assertThat(EntryNames.find(Map.of("my-shim", 1), "myShim")).isEqualTo("my-shim");
        assertThat(EntryNames.find(Map.of("my-shim", 1), "shim")).isNull();
    }

    @Test
    void theSpellingThatNoEnvironmentVariableHasStays() {
        Map<String, Integer> entries = new LinkedHashMap<>();
        entries.put("myshim", 1);
        entries.put("my-shim", 2);
        entries.put("other", 3);
        assertThat(EntryNames.distinct(entries)).containsExactly(entry("my-shim", 2), entry("other", 3));
    }
}
