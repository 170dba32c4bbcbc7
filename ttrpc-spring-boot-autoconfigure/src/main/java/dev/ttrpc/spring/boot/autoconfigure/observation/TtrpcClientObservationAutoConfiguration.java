package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.spring.boot.autoconfigure.client.TtrpcClientAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of metrics and traces of the calls that are made. */
@AutoConfiguration(
        before = TtrpcClientAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({TtrpcChannel.class, ObservationRegistry.class})
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(
        name = {"ttrpc.client.enabled", "ttrpc.client.observation.enabled"},
        matchIfMissing = true)
public final class TtrpcClientObservationAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ObservationClientInterceptor ttrpcObservationClientInterceptor(
            ObservationRegistry registry, ObjectProvider<TtrpcClientObservationConvention> convention) {
        return new ObservationClientInterceptor(registry, convention.getIfAvailable());
    }
}
