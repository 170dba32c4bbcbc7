package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcClientFactory;
import dev.ttrpc.spring.TtrpcServerAddresses;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.transport.TransportResources;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Auto-configuration of channels, and of the clients that {@link dev.ttrpc.spring.TtrpcClient} injects. */
@AutoConfiguration(after = TtrpcTransportAutoConfiguration.class)
@ConditionalOnClass(TtrpcChannel.class)
@ConditionalOnBooleanProperty(name = "ttrpc.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TtrpcClientProperties.class)
public final class TtrpcClientAutoConfiguration {

    @Bean
    static TtrpcClientBeanRegistrar ttrpcClientBeanRegistrar() {
        return new TtrpcClientBeanRegistrar();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static MetadataValueConverter ttrpcMetadataValueConverter() {
        return new MetadataValueConverter();
    }

    @Bean
    @ConditionalOnMissingBean(TtrpcConnectionDetails.class)
    PropertiesConnectionDetails ttrpcConnectionDetails(TtrpcClientProperties properties) {
        return new PropertiesConnectionDetails(properties);
    }

    @Bean
    @ConditionalOnMissingBean(TtrpcClientFactory.class)
    GeneratedClientFactory ttrpcClientFactory(TtrpcChannelFactory channels, Environment environment) {
        return new GeneratedClientFactory(channels, environment);
    }

    /** Channels, unless the application makes them itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(TtrpcChannelFactory.class)
    static class ChannelConfiguration {

        @Bean
        ConfiguredChannelFactory ttrpcChannelFactory(
                TtrpcClientProperties properties,
                TtrpcConnectionDetails connectionDetails,
                TtrpcCallbackExecutor callbacks,
                TransportResources resources,
                ObjectProvider<TtrpcChannelCustomizer> customizers,
                ObjectProvider<TtrpcServerAddresses> ownSockets,
                ListableBeanFactory beans) {
            return new ConfiguredChannelFactory(
                    new ConfiguredChannels(properties, connectionDetails),
                    new ChannelInterceptors(beans),
                    callbacks,
                    resources,
                    customizers.orderedStream().toList(),
                    ownSockets,
                    beans);
        }

        @Bean
        TtrpcChannelLifecycle ttrpcChannelLifecycle(ConfiguredChannelFactory channels) {
            return new TtrpcChannelLifecycle(channels);
        }
    }

    /** Which threads call back. */
    @Configuration(proxyBeanMethods = false)
    static class CallbackConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnThreading(Threading.VIRTUAL)
        TtrpcCallbackExecutor ttrpcCallbackVirtualThreads() {
            VirtualThreadTaskExecutor executor = new VirtualThreadTaskExecutor("ttrpc-callback-");
            return () -> executor;
        }

        @Bean
        @ConditionalOnMissingBean(TtrpcCallbackExecutor.class)
        @ConditionalOnThreading(Threading.PLATFORM)
        CallbackThreads ttrpcCallbackThreads() {
            return new CallbackThreads();
        }
    }
}
