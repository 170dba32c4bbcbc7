package dev.ttrpc.spring.boot.autoconfigure;

import dev.ttrpc.transport.TransportProvider;
import dev.ttrpc.transport.TransportResources;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the event loops and transports that sockets and channels share; {@link TransportProvider} beans add transports. */
@AutoConfiguration
@ConditionalOnClass(TransportResources.class)
@EnableConfigurationProperties(TtrpcNettyProperties.class)
public final class TtrpcTransportAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    TransportResources ttrpcTransportResources(
            TtrpcNettyProperties properties, ObjectProvider<TransportProvider> providers) {
        TransportResources.Builder builder = TransportResources.builder().transport(properties.transport());
        PropertyMapper map = PropertyMapper.get();
        providers.orderedStream().forEach(builder::provider);
        try {
            map.from(properties::eventLoopThreads).to(builder::eventLoopThreads);
            return builder.build();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new FailureAnalyzedException(
                    "The event loops of ttrpc cannot be set up. " + e.getMessage(),
                    "Change ttrpc.netty.transport or ttrpc.netty.event-loop-threads, or remove them.",
                    e);
        }
    }
}
