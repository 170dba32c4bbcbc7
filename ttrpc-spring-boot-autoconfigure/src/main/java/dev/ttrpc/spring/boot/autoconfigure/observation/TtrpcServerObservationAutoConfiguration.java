package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.spring.boot.autoconfigure.server.TtrpcServerAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of metrics and traces of the calls that are served. */
@AutoConfiguration(
        before = TtrpcServerAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({TtrpcServer.class, ObservationRegistry.class})
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(
        name = {"ttrpc.server.enabled", "ttrpc.server.observation.enabled"},
        matchIfMissing = true)
public final class TtrpcServerObservationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ObservationServerInterceptor ttrpcObservationServerInterceptor(
            ObservationRegistry registry, ObjectProvider<TtrpcServerObservationConvention> convention) {
        return new ObservationServerInterceptor(registry, convention.getIfAvailable());
    }
}
