package dev.ttrpc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.VirtualThreadTaskExecutor;

class TtrpcClientAutoConfigurationTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TtrpcTransportAutoConfiguration.class, TtrpcClientAutoConfiguration.class));

    @Test
    void whenNothingIsConfiguredTheFactoriesAreThere() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(TtrpcChannelFactory.class)
                .hasSingleBean(TtrpcClientFactory.class)
                .hasSingleBean(TtrpcConnectionDetails.class)
                .hasSingleBean(TransportResources.class)
                .hasSingleBean(CallbackThreads.class));
    }

    @Test
    void whenTheCoreIsMissingNothingIsConfigured() {
        runner.withClassLoader(new FilteredClassLoader(TtrpcChannel.class, TransportResources.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TtrpcClientFactory.class));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void whenVirtualThreadsAreEnabledCallbacksRunOnThem() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(
                                context.getBean(TtrpcCallbackExecutor.class).executor())
                        .isInstanceOf(VirtualThreadTaskExecutor.class));
    }

    @Test
    void whenTheApplicationHasAChannelFactoryThatOneIsUsed() {
        TtrpcChannelFactory own = mock();
        runner.withBean(TtrpcChannelFactory.class, () -> own)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ConfiguredChannelFactory.class)
                        .doesNotHaveBean(TtrpcChannelLifecycle.class));
    }

    @Test
    void whenThereAreCustomizersTheyAreCalledForTheirChannels() {
        TtrpcChannelCustomizer all = mock();
        TtrpcChannelCustomizer some = mock();
        runner.withBean("all", TtrpcChannelCustomizer.class, () -> all)
                .withBean("some", TtrpcChannelCustomizer.class, () -> TtrpcChannelCustomizer.matching("a.*", some))
                .withPropertyValues(
                        "ttrpc.client.channel.apple.address=in-process:x",
                        "ttrpc.client.channel.pear.address=in-process:y")
                .run(context -> {
                    TtrpcChannelFactory channels = context.getBean(TtrpcChannelFactory.class);
                    channels.get("apple");
                    channels.get("pear");
                    verify(all).customize(eq("apple"), any());
                    verify(all).customize(eq("pear"), any());
                    verify(some).customize(eq("apple"), any());
                    verify(some, never()).customize(eq("pear"), any());
                });
    }

    @Test
    void whenConnectionDetailsHaveAnAddressTheyGoBeforeTheProperties() {
        runner.withBean(TtrpcConnectionDetails.class, () -> channel -> "in-process:" + channel)
                .withPropertyValues("ttrpc.client.channel.known.address=in-process:other")
                .run(context -> {
                    TtrpcChannelFactory channels = context.getBean(TtrpcChannelFactory.class);
                    assertThat(channels.get("known").address()).hasToString("in-process:known");
                    assertThat(channels.get("unknown").address()).hasToString("in-process:unknown");
                });
    }

    @Test
    void aChannelIsFoundWhateverTheSpellingOfItsName() {
        runner.withPropertyValues("ttrpc.client.channel.my-shim.address=in-process:x")
                .run(context -> {
                    TtrpcChannelFactory channels = context.getBean(TtrpcChannelFactory.class);
                    assertThat(channels.get("myShim")).isSameAs(channels.get("my-shim"));
                });
    }

    @Test
    void whenTheContextIsClosedSoAreItsChannels() {
        TtrpcChannel[] channel = new TtrpcChannel[1];
        runner.run(context -> {
            channel[0] = context.getBean(TtrpcChannelFactory.class).get("in-process:x");
            assertThat(channel[0].state()).isEqualTo(ChannelState.IDLE);
        });
        assertThat(channel[0].state()).isEqualTo(ChannelState.SHUTDOWN);
    }

    @Test
    void whenATransportIsAskedForItIsUsed() {
        runner.withPropertyValues("ttrpc.netty.transport=nio")
                .run(context -> assertThat(
                                context.getBean(TransportResources.class).transport())
                        .isEqualTo(TransportKind.NIO));
    }

    @Test
    void whenTheEventLoopsAreConfiguredWronglyTheStartFailsNamingTheKeys() {
        runner.withPropertyValues("ttrpc.netty.event-loop-threads=0").run(context -> {
            FailureAnalysis analysis = TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                    .analysis();
            assertThat(analysis.getDescription()).contains("eventLoopThreads must be at least 1");
            assertThat(analysis.getAction()).contains("ttrpc.netty.event-loop-threads");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "address=nonsense | nonsense | ttrpc.client.channel.main.address",
                "connect=lazy | Channel 'main' has no address | ttrpc.client.channel.main.address",
                "address= | Channel 'main' has no address | ttrpc.client.channel.main.socket",
                "socket=none | It serves none | ttrpc.client.channel.main.socket"
            })
    void whenAChannelIsConfiguredWronglyTheStartFailsNamingTheKey(String setting, String description, String key) {
        runner.withPropertyValues("ttrpc.client.channel.main." + setting).run(context -> {
            FailureAnalysis analysis = TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                    .analysis();
            assertThat(analysis.getDescription()).contains(description);
            assertThat(analysis.getAction()).contains(key);
        });
    }

    @Test
    void whenAddressAndSocketAreSetTheStartFailsNamingBothKeys() {
        runner.withPropertyValues(
                        "ttrpc.client.channel.main.address=in-process:x", "ttrpc.client.channel.main.socket=main")
                .run(
                        context -> assertThat(TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                                        .analysis()
                                        .getDescription())
                                .isEqualTo(
                                        "ttrpc.client.channel.main.address and ttrpc.client.channel.main.socket are both set."));
    }

    @Test
    void whenAChannelToAnOwnSocketIsToConnectAtTheStartThatFailsNamingBothKeys() {
        runner.withPropertyValues(
                        "ttrpc.client.channel.main.socket=main", "ttrpc.client.channel-defaults.connect=eager")
                .run(context -> assertThat(TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                                .analysis()
                                .getDescription())
                        .contains("ttrpc.client.channel.main.socket", "ttrpc.client.channel.main.connect"));
    }

    @Test
    void whenTheDefaultsHaveAnAddressTheStartFails() {
        runner.withPropertyValues("ttrpc.client.channel-defaults.address=in-process:x")
                .run(context -> assertThat(TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                                .analysis()
                                .getDescription())
                        .startsWith("ttrpc.client.channel-defaults.address is set"));
    }

    @Test
    void whenASettingIsOutOfItsRangeAskingForTheChannelFailsNamingIt() {
        runner.withPropertyValues(
                        "ttrpc.client.channel.main.address=in-process:x",
                        "ttrpc.client.channel.main.message.max-size=1B",
                        "ttrpc.client.channel.main.connect=eager")
                .run(context -> assertThat(TtrpcClientBeanRegistrarTests.failure(context.getStartupFailure())
                                .analysis())
                        .satisfies(analysis -> assertThat(analysis.getDescription())
                                .startsWith("Channel 'main' is configured wrongly. "))
                        .satisfies(analysis -> assertThat(analysis.getAction()).contains("ttrpc.client.channel.main")));
    }
}
