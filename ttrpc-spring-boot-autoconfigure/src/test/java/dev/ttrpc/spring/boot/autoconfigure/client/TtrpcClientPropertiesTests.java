package dev.ttrpc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.spring.boot.autoconfigure.ConfigurationMetadataTests;
import dev.ttrpc.spring.boot.autoconfigure.RecordWalk;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientProperties.Channel;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientProperties.Connect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class TtrpcClientPropertiesTests {
    private static final Channel NO_INTERCEPTORS = new Channel(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Channel.UNSET.reconnect(),
            Map.of(),
            List.of(),
            Channel.UNSET.message(),
            Channel.UNSET.flow(),
            Channel.UNSET.shutdown());

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Properties.class);

    @Test
    void whenAChannelSetsNothingItTakesTheDefaults() {
        with(
                properties -> {
                    Channel main = properties.effective(properties.channel().get("main"));
                    assertThat(main.connect()).isEqualTo(Connect.LAZY);
                    assertThat(main.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(main.deadline()).isNull();
                    assertThat(main.waitForReady()).isFalse();
                    assertThat(main.executor()).isNull();
                    assertThat(main.reconnect().policy()).isEqualTo(ReconnectPolicy.DEFAULT);
                    assertThat(main.metadata()).isEmpty();
                    assertThat(main.interceptors()).isEmpty();
                    assertThat(main.message().maxSize()).isEqualTo(DataSize.ofMegabytes(4));
                    assertThat(main.flow().receiveBudget()).isEqualTo(DataSize.ofMegabytes(16));
                    assertThat(main.flow().stallTimeout()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(main.flow().writeHighWaterMark()).isEqualTo(DataSize.ofMegabytes(1));
                    assertThat(main.shutdown().gracePeriod()).isEqualTo(Duration.ofSeconds(5));
                },
                "ttrpc.client.channel.main.address=unix:///run/x.sock");
    }

    @Test
    void whenChannelDefaultsAreSetANamedChannelInheritsThemKeyByKey() {
        with(
                properties -> {
                    Channel main = properties.effective(properties.channel().get("main"));
                    assertThat(main.deadline()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(main.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(main.interceptors()).containsExactly("own");
                    assertThat(main.metadata())
                            .containsOnly(
                                    entry("tenant", values("one")),
                                    entry("region", values("north")),
                                    entry("zone", values("z")));
                },
                "ttrpc.client.channel-defaults.deadline=5s",
                "ttrpc.client.channel-defaults.connect-timeout=2s",
                "ttrpc.client.channel-defaults.interceptors=first,second",
                "ttrpc.client.channel-defaults.metadata.tenant=all",
                "ttrpc.client.channel-defaults.metadata.region=north",
                "ttrpc.client.channel.main.connect-timeout=1s",
                "ttrpc.client.channel.main.interceptors=own",
                "ttrpc.client.channel.main.metadata.tenant=one",
                "ttrpc.client.channel.main.metadata.zone=z");
    }

    @Test
    void aMetadataValueIsNeverSplitAtCommas() {
        with(
                properties -> assertThat(properties.channel().get("main").metadata())
                        .containsOnly(entry("plain", values("a,b")), entry("several", values("a,b", "c"))),
                "ttrpc.client.channel.main.metadata.plain=a,b",
                "ttrpc.client.channel.main.metadata.several[0]=a,b",
                "ttrpc.client.channel.main.metadata.several[1]=c");
    }

    @Test
    void aMetadataKeyKeepsItsDashesAndDots() {
        with(
                properties -> assertThat(properties.channel().get("main").metadata())
                        .containsOnly(entry("containerd-namespace-ttrpc", values("k8s.io")), entry("a.b", values("c"))),
                "ttrpc.client.channel.main.metadata.containerd-namespace-ttrpc=k8s.io",
                "ttrpc.client.channel.main.metadata.a.b=c");
    }

    @Test
    void everyComponentIsTakenFromTheDefaultsWhereItIsNotSet() throws Exception {
        Channel defaults = RecordWalk.filled(Channel.class, 2);
        assertThat(RecordWalk.leaves(Channel.UNSET.over(defaults))).isEqualTo(RecordWalk.leaves(defaults));
    }

    @Test
    void everyComponentOfAChannelGoesBeforeTheDefaults() throws Exception {
        Channel own = RecordWalk.filled(Channel.class, 3);
        assertThat(RecordWalk.leaves(own.over(RecordWalk.filled(Channel.class, 2))))
                .isEqualTo(RecordWalk.leaves(own));
    }

    @Test
    void theDocumentedDefaultsAreTheRealOnes() {
        String[] documented = ConfigurationMetadataTests.defaults("ttrpc.client.channel-defaults.").entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        with(
                properties -> assertThat(properties.channelDefaults().over(NO_INTERCEPTORS))
                        .isEqualTo(Channel.DEFAULTS),
                documented);
    }

    private static List<MetadataValue> values(String... texts) {
        return List.of(texts).stream().map(MetadataValue::new).toList();
    }

    private void with(Consumer<TtrpcClientProperties> check, String... properties) {
        runner.withPropertyValues(properties)
                .run(context -> check.accept(context.getBean(TtrpcClientProperties.class)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(TtrpcClientProperties.class)
    static class Properties {
        @Bean
        @ConfigurationPropertiesBinding
        static MetadataValueConverter converter() {
            return new MetadataValueConverter();
        }
    }
}
