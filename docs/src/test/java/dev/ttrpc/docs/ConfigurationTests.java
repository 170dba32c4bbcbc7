package dev.ttrpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.docs.KnownProperties.Property;
import dev.ttrpc.docs.Page.Block;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcNettyProperties;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientAutoConfiguration;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientProperties;
import dev.ttrpc.spring.boot.autoconfigure.server.TtrpcServerProperties;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Holds the manual's YAML and its table of properties to what the starter binds. */
class ConfigurationTests {
    private static final Pattern ENTRY = Pattern.compile("ttrpc\\.(server\\.socket|client\\.channel)\\.[^.]+\\.(.+)");

    private static final KnownProperties KNOWN = new KnownProperties();

    static Stream<String> yaml() {
        return Page.all().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals("yaml"))
                .map(Block::text);
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void everyYamlBlockBinds(String yaml) throws IOException {
        Map<String, Object> properties = load(yaml);
        assertThat(properties).isNotEmpty();
        assertBinds(properties);
    }

    @EnableConfigurationProperties({TtrpcServerProperties.class, TtrpcClientProperties.class, TtrpcNettyProperties.class
    })
    static class Bound {
        /** Starts nothing: what binds need not be there. */
        @Bean
        LifecycleProcessor lifecycleProcessor() {
            return new DefaultLifecycleProcessor() {
                @Override
                public void onRefresh() {}
            };
        }
    }

    @Test
    void configurationPageListsExactlyTheProperties() throws IOException {
        String page = Files.readString(Page.ROOT.resolve("docs/configuration.md"));
        String server = table(
                KNOWN.below("ttrpc.server.").stream()
                        .filter(property -> !property.name().startsWith("ttrpc.server.socket")),
                UnaryOperator.identity());
        String socket = table(below("ttrpc.server.socket-defaults."), shortened("ttrpc.server.socket-defaults."));
        String client = table(
                KNOWN.below("ttrpc.client.").stream()
                        .filter(property -> !property.name().startsWith("ttrpc.client.channel")),
                UnaryOperator.identity());
        String channel = table(below("ttrpc.client.channel-defaults."), shortened("ttrpc.client.channel-defaults."));
        String netty = table(below("ttrpc.netty."), UnaryOperator.identity());
        Files.writeString(
                Path.of("target/configuration-tables.md"), String.join("\n", server, socket, client, channel, netty));

        assertThat(page).contains(server, socket, client, channel, netty);
        assertThat(page.lines().filter(line -> line.startsWith("| `")).count())
                .as("rows, with the %s that only one socket or channel has", ownKeys())
                .isEqualTo(KNOWN.below("ttrpc.").stream()
                                .filter(property ->
                                        !property.name().matches("ttrpc.server.socket|ttrpc.client.channel"))
                                .count()
                        + ownKeys().size());
        assertThat(ownKeys()).allSatisfy(key -> assertThat(page).contains("\n| `" + key + "` |"));
    }

    @Test
    void sampleConfigurationBindsToo() throws IOException {
        String yaml = Files.readString(Page.ROOT.resolve("sample-app/src/main/resources/application.yml"));
        for (String document : yaml.split("(?m)^---$")) {
            Map<String, Object> properties = load(document);
            properties.keySet().removeIf(name -> !name.startsWith("ttrpc.")); // SampleIT runs with the others
            assertBinds(properties);
        }
    }

    private static void assertBinds(Map<String, Object> properties) {
        assertThat(properties.keySet())
                .allSatisfy(name -> assertThat(isKnown(name.replaceAll("\\[\\d+]", "")))
                        .as(name)
                        .isTrue());
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        TtrpcTransportAutoConfiguration.class, TtrpcClientAutoConfiguration.class))
                .withUserConfiguration(Bound.class)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("block", properties)))
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** Each socket and channel has the keys of their defaults, and its own. */
    private static boolean isKnown(String name) {
        Matcher entry = ENTRY.matcher(name);
        return entry.matches()
                ? KNOWN.knows("ttrpc." + entry.group(1) + "-defaults." + entry.group(2))
                        || ownKeys().contains(entry.group(2))
                : KNOWN.knows(name);
    }

    /** Keys of one socket or channel that have no default for all. */
    private static List<String> ownKeys() {
        return Stream.of(
                        own(TtrpcServerProperties.Socket.class, "ttrpc.server.socket-defaults."),
                        own(TtrpcClientProperties.Channel.class, "ttrpc.client.channel-defaults."))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> own(Class<? extends Record> type, String defaults) {
        return Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .filter(name -> KNOWN.below(defaults + name).isEmpty())
                .toList();
    }

    private static Stream<Property> below(String prefix) {
        return KNOWN.below(prefix).stream();
    }

    private static UnaryOperator<String> shortened(String prefix) {
        return name -> name.substring(prefix.length());
    }

    private static String table(Stream<Property> properties, UnaryOperator<String> name) {
        return properties
                .map(property -> "| `" + name.apply(property.name()) + "` | "
                        + (property.defaultValue() == null ? "" : "`" + property.defaultValue() + "`") + " | "
                        + property.description() + " |\n")
                .collect(Collectors.joining());
    }

    private static Map<String, Object> load(String yaml) throws IOException {
        Map<String, Object> properties = new LinkedHashMap<>();
        new YamlPropertySourceLoader()
                .load("block", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                .forEach(source -> {
                    EnumerablePropertySource<?> values = (EnumerablePropertySource<?>) source;
                    for (String name : values.getPropertyNames()) {
                        Object value = values.getProperty(name);
                        properties.put(name, String.valueOf(value).replaceAll("\\$\\{.*}", "/placeholder"));
                    }
                });
        return properties;
    }
}
