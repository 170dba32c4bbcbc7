package dev.ttrpc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.spring.greeter.GreeterAsyncClient;
import dev.ttrpc.spring.greeter.GreeterClient;
import dev.ttrpc.spring.greeter.GreeterTtrpc;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class TtrpcClientBeanRegistrarTests {
    private static final String CHANNEL_BEAN = "a#" + GreeterClient.class.getName();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TtrpcTransportAutoConfiguration.class, TtrpcClientAutoConfiguration.class))
            .withPropertyValues(
                    "ttrpc.client.channel.a.address=in-process:a", "ttrpc.client.channel.b.address=in-process:b");

    @Test
    void whenAConstructorAsksItIsGivenClientsOfTheChannels() {
        runner.withBean(ByConstructor.class).run(context -> {
            ByConstructor bean = context.getBean(ByConstructor.class);
            assertThat(bean.one).isNotNull().isNotEqualTo(bean.other);
            assertThat(bean.one).isEqualTo(GreeterTtrpc.client(channels(context).get("a")));
            assertThat(bean.other)
                    .isEqualTo(GreeterTtrpc.client(channels(context).get("b")));
            assertThat(bean.async)
                    .isEqualTo(GreeterTtrpc.asyncClient(channels(context).get("a")));
        });
    }

    @Test
    void whenFieldsAndSettersAskTheyAreGivenTheSameBean() {
        runner.withBean(ByConstructor.class).withBean(ByFieldAndSetter.class).run(context -> {
            GreeterClient one = context.getBean(ByConstructor.class).one;
            assertThat(context.getBean(ByFieldAndSetter.class).field).isSameAs(one);
            assertThat(context.getBean(ByFieldAndSetter.class).inherited).isSameAs(one);
            assertThat(context.getBean(ByFieldAndSetter.class).set).isSameAs(one);
        });
    }

    @Test
    void whenABeanMethodAsksItIsGivenAClient() {
        runner.withUserConfiguration(ByBeanMethod.class)
                .run(context -> assertThat(context.getBean(Holder.class).client).isInstanceOf(GreeterClient.class));
    }

    @Test
    void whenARecordAsksItIsGivenAClient() {
        runner.withBean(ByRecord.class)
                .run(context ->
                        assertThat(context.getBean(ByRecord.class).client()).isNotNull());
    }

    @Test
    void whenAskedForLaterNoClientIsMadeBefore() {
        runner.withBean(ByProvider.class).run(context -> {
            assertThat(context.getBeanFactory().containsSingleton(CHANNEL_BEAN)).isFalse();
            assertThat(context.getBean(ByProvider.class).provider.getObject()).isNotNull();
            assertThat(context.getBean(ByProvider.class).optional).isPresent();
        });
    }

    @Test
    void whenAnAnnotationCarriesTtrpcClientItIsOne() {
        runner.withBean(ByComposedAnnotation.class)
                .run(context -> assertThat(context.getBean(ByComposedAnnotation.class).client)
                        .isEqualTo(GreeterTtrpc.client(channels(context).get("b"))));
    }

    @Test
    void whenAskedWithoutTheAnnotationAnotherBeanOfTheTypeIsGiven() {
        GreeterClient own = GreeterTtrpc.client(null);
        runner.withBean(ByConstructor.class)
                .withBean("own", GreeterClient.class, () -> own)
                .withBean(ByTypeAlone.class)
                .run(context -> {
                    assertThat(context.getBean(ByTypeAlone.class).client).isSameAs(own);
                    assertThat(context.getBean(ByConstructor.class).one).isNotSameAs(own);
                });
    }

    @Test
    void whenTheApplicationHasABeanOfTheChannelsNameThatOneIsGiven() {
        runner.withUserConfiguration(OwnClient.class).withBean(ByRecord.class).run(context -> {
            assertThat(context).doesNotHaveBean(CHANNEL_BEAN);
            assertThat(context.getBean(ByRecord.class).client()).isSameAs(OwnClient.CLIENT);
        });
    }

    @Test
    void whenTheNameIsAPlaceholderItIsResolved() {
        runner.withBean(ByPlaceholder.class)
                .withPropertyValues("which=b")
                .run(context -> assertThat(context.getBean(ByPlaceholder.class).client)
                        .isEqualTo(GreeterTtrpc.client(channels(context).get("b"))));
    }

    @Test
    void whenTheNameIsAnAddressAChannelIsMadeForIt() {
        runner.withBean(ByAddress.class)
                .run(context -> assertThat(context.getBean(ByAddress.class).client)
                        .isEqualTo(GreeterTtrpc.client(channels(context).get("in-process:somewhere"))));
    }

    @Test
    void whenThereIsNoNameTheOnlyChannelIsMeant() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        TtrpcTransportAutoConfiguration.class, TtrpcClientAutoConfiguration.class))
                .withPropertyValues("ttrpc.client.channel.only.address=in-process:a")
                .withBean(Nameless.class)
                .run(context -> assertThat(context.getBean(Nameless.class).client)
                        .isEqualTo(GreeterTtrpc.client(channels(context).get("only"))));
    }

    @Test
    void whenThereIsNoNameAndSeveralChannelsTheOneNamedDefaultIsMeant() {
        runner.withPropertyValues("ttrpc.client.channel.default.address=in-process:c")
                .withBean(Nameless.class)
                .run(context -> assertThat(context.getBean(Nameless.class).client)
                        .isEqualTo(GreeterTtrpc.client(channels(context).get("default"))));
    }

    @Test
    void whenTheChannelIsUnknownTheStartFailsWithTheNamesAndTheYaml() {
        runner.withBean(Nameless.class).run(context -> {
            FailureAnalyzedException failure = failure(context.getStartupFailure());
            assertThat(failure.analysis().getDescription())
                    .isEqualTo(
                            "A ttrpc client is asked for on the channel 'default', which is not configured. Configured are: a, b.");
            assertThat(failure.analysis().getAction())
                    .contains("    ttrpc.client.channel:\n      default:\n        address: unix:///");
        });
    }

    @Test
    void whenTheTypeIsNoClientTheStartFailsWithASentence() {
        runner.withBean(NoClient.class)
                .run(context -> assertThat(
                                failure(context.getStartupFailure()).analysis().getDescription())
                        .isEqualTo("java.lang.Runnable is asked for as a ttrpc client, but is none."));
    }

    @Test
    void whenClientsAreDisabledNothingIsRegistered() {
        runner.withPropertyValues("ttrpc.client.enabled=false")
                .withBean(ByProvider.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(TtrpcClientFactory.class);
                    assertThat(context.getBean(ByProvider.class).optional).isEmpty();
                });
    }

    @Test
    void registeringTwiceChangesNothing() {
        runner.withBean(ByConstructor.class).run(context -> {
            int before = context.getBeanFactory().getBeanDefinitionCount();
            new TtrpcClientBeanRegistrar().postProcessBeanFactory(context.getBeanFactory());
            assertThat(context.getBeanFactory().getBeanDefinitionCount()).isEqualTo(before);
        });
    }

    private static TtrpcChannelFactory channels(ApplicationContext context) {
        return context.getBean(TtrpcChannelFactory.class);
    }

    static FailureAnalyzedException failure(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return analyzed;
            }
        }
        throw new AssertionError("no FailureAnalyzedException", thrown);
    }

    static class ByConstructor {
        final GreeterClient one;
        final GreeterClient other;
        final GreeterAsyncClient async;

        ByConstructor(
                @TtrpcClient("a") GreeterClient one,
                @TtrpcClient("b") GreeterClient other,
                @TtrpcClient("a") GreeterAsyncClient async) {
            this.one = one;
            this.other = other;
            this.async = async;
        }
    }

    static class Inherited {
        @TtrpcClient("a")
        GreeterClient inherited;
    }

    static class ByFieldAndSetter extends Inherited {
        @TtrpcClient("a")
        GreeterClient field;

        GreeterClient set;

        @TtrpcClient("a")
        void setClient(GreeterClient client) {
            this.set = client;
        }
    }

    record Holder(GreeterClient client) {}

    record ByRecord(@TtrpcClient("a") GreeterClient client) {}

    @Configuration(proxyBeanMethods = false)
    static class ByBeanMethod {
        @Bean
        Holder holder(@TtrpcClient("a") GreeterClient client) {
            return new Holder(client);
        }
    }

    @Configuration
    static class OwnClient {
        static final GreeterClient CLIENT = GreeterTtrpc.client(null);

        @Bean
        GreeterClient a() {
            return CLIENT;
        }
    }

    static class ByProvider {
        final ObjectProvider<GreeterClient> provider;
        final Optional<GreeterAsyncClient> optional;

        ByProvider(
                @TtrpcClient("a") ObjectProvider<GreeterClient> provider,
                @TtrpcClient("a") Optional<GreeterAsyncClient> optional) {
            this.provider = provider;
            this.optional = optional;
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @TtrpcClient("b")
    @interface B {}

    static class ByComposedAnnotation {
        final GreeterClient client;

        ByComposedAnnotation(@B GreeterClient client) {
            this.client = client;
        }
    }

    static class ByTypeAlone {
        @Autowired
        GreeterClient client;
    }

    static class ByPlaceholder {
        @TtrpcClient("${which}")
        GreeterClient client;
    }

    static class ByAddress {
        @TtrpcClient("in-process:somewhere")
        GreeterClient client;
    }

    static class Nameless {
        @TtrpcClient
        GreeterClient client;
    }

    static class NoClient {
        @TtrpcClient("a")
        Runnable client;
    }
}
