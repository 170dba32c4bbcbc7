package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import dev.ttrpc.transport.TransportResources;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes servers out of properties, endpoints and customizers: properties first, then executor and services, customizers last. */
final class ConfiguredServerFactory implements TtrpcServerFactory {
    private static final Log logger = LogFactory.getLog(ConfiguredServerFactory.class);

    private final TtrpcServerProperties properties;
    private final TtrpcEndpointDiscoverer discoverer;
    private final TtrpcEndpointConfigurer configurer;
    private final TtrpcServerExecutor executor;
    private final TransportResources resources;
    private final List<TtrpcServerCustomizer> customizers;
    private final BeanFactory beans;

    ConfiguredServerFactory(
            TtrpcServerProperties properties,
            TtrpcEndpointDiscoverer discoverer,
            TtrpcEndpointConfigurer configurer,
            TtrpcServerExecutor executor,
            TransportResources resources,
            List<TtrpcServerCustomizer> customizers,
            BeanFactory beans) {
        this.properties = properties;
        this.discoverer = discoverer;
        this.configurer = configurer;
        this.executor = executor;
        this.resources = resources;
        this.customizers = customizers;
        this.beans = beans;
    }

    @Override
    public TtrpcServer create(String socket, TtrpcAddress address) {
        TtrpcServerProperties.Socket settings =
                Objects.requireNonNull(properties.effectiveSockets().get(socket), socket);
        ServiceDefinition[] services = services(socket, address);
        if (services.length == 0) {
            logger.warn("No @TtrpcEndpoint is served on socket '" + socket + "': every call to " + address
                    + " will be answered UNIMPLEMENTED");
        }
        TtrpcServer.Builder builder = TtrpcServer.builder().resources(resources);
        try {
            new SocketSettings(socket, settings).applyTo(builder, address);
            applyExecutor(builder);
            builder.exposeFailures(properties.error().includeMessage() == TtrpcServerProperties.IncludeMessage.ALWAYS);
            builder.service(services);
            customizers.forEach(customizer -> customizer.customize(socket, builder));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new FailureAnalyzedException(
                    "Socket '" + socket + "' is configured wrongly. " + e.getMessage(),
                    "Change the settings under ttrpc.server.socket." + socket
                            + ", ttrpc.server.socket-defaults or ttrpc.server.executor.",
                    e);
        }
    }

    private void applyExecutor(TtrpcServer.Builder builder) {
        String bean = properties.executor().bean();
        TtrpcServerExecutor chosen =
                bean == null ? executor : TtrpcServerExecutor.of(beans.getBean(bean, Executor.class));
        chosen.applyTo(builder);
    }

    private ServiceDefinition[] services(String socket, TtrpcAddress address) {
        Map<String, String> owners = new LinkedHashMap<>();
        return discoverer.discover().stream()
                .filter(endpoint -> isServedOn(endpoint, socket))
                .flatMap(endpoint -> configurer.configure(endpoint, socket, address).stream()
                        .peek(service -> claim(owners, service, endpoint, socket)))
                .toArray(ServiceDefinition[]::new);
    }

    private boolean isServedOn(TtrpcEndpointBean endpoint, String socket) {
        String[] wanted = endpoint.settings().sockets();
        for (String name : wanted) {
            if (EntryNames.find(properties.socket(), name) == null) {
                throw new FailureAnalyzedException(
                        "Bean '" + endpoint.name() + "' is to be served on the socket '" + name
                                + "', which is not configured. Configured are: "
                                + EntryNames.list(properties.socket().keySet()) + ".",
                        "Correct the sockets of its @TtrpcEndpoint, or configure " + SocketKeys.of(name, "address")
                                + ".");
            }
        }
        return wanted.length == 0 || Arrays.stream(wanted).anyMatch(name -> EntryNames.equal(name, socket));
    }

    private static void claim(
            Map<String, String> owners, ServiceDefinition service, TtrpcEndpointBean endpoint, String socket) {
        String owner = owners.putIfAbsent(service.name(), endpoint.name());
        if (owner != null) {
            throw new FailureAnalyzedException(
                    "Service " + service.name() + " is served twice on socket '" + socket + "': by bean '" + owner
                            + "' and by bean '" + endpoint.name() + "'.",
                    "Remove one of them, or give them different sockets by @TtrpcEndpoint(sockets = …).");
        }
    }
}
