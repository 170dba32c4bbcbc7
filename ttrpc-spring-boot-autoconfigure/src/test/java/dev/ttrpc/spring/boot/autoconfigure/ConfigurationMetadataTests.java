package dev.ttrpc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Looks at what the annotation processor has generated for editors and for the documentation. */
public class ConfigurationMetadataTests {
    private final List<Map<String, Object>> properties = read();

    @Test
    void everyKeyHasASentence() {
        assertThat(properties).hasSizeGreaterThan(40).allSatisfy(property -> {
            assertThat((String) property.get("description"))
                    .as("%s", property.get("name"))
                    .isNotBlank()
                    .endsWith(".");
            assertThat((String) property.get("name")).startsWith("ttrpc.");
        });
    }

    @Test
    void noSentenceIsThatOfAnotherKey() {
        Map<Object, Object> descriptions = properties.stream()
                .collect(Collectors.toMap(property -> property.get("name"), property -> property.get("description")));
        assertThat(descriptions)
                .containsEntry("ttrpc.server.socket", "Sockets to listen on, by name.")
                .containsEntry("ttrpc.client.channel", "Channels, by name.");
    }

    @Test
    void whatEachSocketAndChannelHasOfItsOwnIsNoDefault() {
        assertThat(properties)
                .extracting(property -> property.get("name"))
                .doesNotContain(
                        "ttrpc.server.socket-defaults.enabled",
                        "ttrpc.server.socket-defaults.address",
                        "ttrpc.client.channel-defaults.address",
                        "ttrpc.client.channel-defaults.socket");
    }

    /** The keys under {@code prefix} that have a default, with it as text. */
    public static Map<String, Object> defaults(String prefix) {
        return read().stream()
                .filter(property ->
                        ((String) property.get("name")).startsWith(prefix) && property.containsKey("defaultValue"))
                .collect(Collectors.toMap(
                        property -> (String) property.get("name"),
                        property -> property.get("defaultValue").toString(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static List<Map<String, Object>> read() {
        String file = "/META-INF/spring-configuration-metadata.json";
        try (InputStream in = ConfigurationMetadataTests.class.getResourceAsStream(file)) {
            return JsonPath.parse(Objects.requireNonNull(in, file)).read("$.properties");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
