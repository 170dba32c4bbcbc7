package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.boot.autoconfigure.TtrpcTransportAutoConfiguration;
import dev.ttrpc.transport.TransportResources;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Auto-configuration of the sockets on which an application with {@link TtrpcEndpoint} beans serves them. */
@AutoConfiguration(after = TtrpcTransportAutoConfiguration.class)
@ConditionalOnClass(TtrpcServer.class)
@ConditionalOnBooleanProperty(name = "ttrpc.server.enabled", matchIfMissing = true)
@ConditionalOnBean(annotation = TtrpcEndpoint.class)
@EnableConfigurationProperties(TtrpcServerProperties.class)
public final class TtrpcServerAutoConfiguration {

    @Bean
    TtrpcEndpointDiscoverer ttrpcEndpointDiscoverer(ListableBeanFactory beans) {
        return new TtrpcEndpointDiscoverer(beans);
    }

    @Bean
    TtrpcEndpointConfigurer ttrpcEndpointConfigurer(ListableBeanFactory beans) {
        return new TtrpcEndpointConfigurer(beans);
    }

    @Bean
    @ConditionalOnMissingBean(TtrpcServerFactory.class)
    ConfiguredServerFactory ttrpcServerFactory(
            TtrpcServerProperties properties,
            TtrpcEndpointDiscoverer discoverer,
            TtrpcEndpointConfigurer configurer,
            TtrpcServerExecutor executor,
            TransportResources resources,
            ObjectProvider<TtrpcServerCustomizer> customizers,
            ListableBeanFactory beans) {
        return new ConfiguredServerFactory(
                properties,
                discoverer,
                configurer,
                executor,
                resources,
                customizers.orderedStream().toList(),
                beans);
    }

    @Bean
    TtrpcSockets ttrpcSockets(
            TtrpcServerProperties properties,
            TtrpcServerFactory factory,
            ApplicationEventPublisher events,
            ConfigurableEnvironment environment) {
        return new TtrpcSockets(properties, factory, events, new LocalAddresses(environment));
    }

    @Bean
    TtrpcServerStartStopLifecycle ttrpcServerStartStopLifecycle(TtrpcSockets sockets) {
        return new TtrpcServerStartStopLifecycle(sockets);
    }

    @Bean
    @ConditionalOnProperty(name = "ttrpc.server.shutdown", havingValue = "graceful", matchIfMissing = true)
    TtrpcServerGracefulShutdownLifecycle ttrpcServerGracefulShutdownLifecycle(TtrpcSockets sockets) {
        return new TtrpcServerGracefulShutdownLifecycle(sockets);
    }

    /** Which threads run endpoints. */
    @Configuration(proxyBeanMethods = false)
    static class ExecutorConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnThreading(Threading.VIRTUAL)
        TtrpcServerExecutor ttrpcServerVirtualThreads() {
            return TtrpcServerExecutor.of(new VirtualThreadTaskExecutor("ttrpc-server-"));
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnThreading(Threading.PLATFORM)
        TtrpcServerExecutor ttrpcServerThreadPool(TtrpcServerProperties properties) {
            TtrpcServerProperties.Executor pool = properties.executor();
            return builder -> builder.pool(pool.maxSize(), pool.queueCapacity(), pool.keepAlive());
        }
    }
}
