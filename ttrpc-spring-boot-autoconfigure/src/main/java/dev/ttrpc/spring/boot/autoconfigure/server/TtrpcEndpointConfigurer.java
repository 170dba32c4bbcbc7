package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.spring.GlobalTtrpcServerInterceptor;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ListableBeanFactory;

/** Makes the services of an endpoint: binds its contracts, says how they run, and puts the interceptors around them. */
final class TtrpcEndpointConfigurer {
    private final ListableBeanFactory beans;

    TtrpcEndpointConfigurer(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The services of {@code endpoint} as they are served on one socket. */
    List<ServiceDefinition> configure(TtrpcEndpointBean endpoint, String socket, TtrpcAddress address) {
        List<ServerInterceptor> chain = chain(endpoint.settings(), socket).stream()
                .map(interceptor -> forSocket(interceptor, socket, address))
                .toList();
        return definitions(endpoint).stream()
                .map(definition -> definition.intercept(chain))
                .toList();
    }

    private List<ServiceDefinition> definitions(TtrpcEndpointBean endpoint) {
        if (endpoint.bean() instanceof ServiceDefinition definition) {
            return List.of(definition);
        }
        return endpoint.contracts().stream()
                .map(contract -> contract.bind(endpoint.bean(), service -> configure(service, endpoint.settings())))
                .toList();
    }

    private void configure(ServiceDefinition.Builder service, TtrpcEndpoint settings) {
        if (settings.nonBlocking()) {
            service.onEventLoop();
        }
        if (!settings.executor().isEmpty()) {
            service.executor(beans.getBean(settings.executor(), Executor.class));
        }
    }

    /** The outermost first: the global ones in their order, then the endpoint's as written; or all in their order where they are blended. */
    private List<ServerInterceptor> chain(TtrpcEndpoint settings, String socket) {
        List<ServerInterceptor> own = own(settings);
        Set<ServerInterceptor> sorted = global(socket);
        List<ServerInterceptor> chain = new ArrayList<>();
        if (settings.blendWithGlobalInterceptors()) {
            sorted.addAll(own);
            own = List.of();
        }
        if (!sorted.isEmpty()) {
            beans.getBeanProvider(ServerInterceptor.class)
                    .orderedStream()
                    .filter(sorted::contains)
                    .forEach(chain::add);
        }
        own.stream().filter(interceptor -> !chain.contains(interceptor)).forEach(chain::add);
        return chain;
    }

    private List<ServerInterceptor> own(TtrpcEndpoint settings) {
        List<ServerInterceptor> own = new ArrayList<>();
        for (Class<? extends ServerInterceptor> type : settings.interceptors()) {
            own.add(beans.getBean(type));
        }
        for (String name : settings.interceptorNames()) {
            own.add(beans.getBean(name, ServerInterceptor.class));
        }
        return own;
    }

    private Set<ServerInterceptor> global(String socket) {
        Set<ServerInterceptor> global = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : beans.getBeanNamesForAnnotation(GlobalTtrpcServerInterceptor.class)) {
            GlobalTtrpcServerInterceptor filter = beans.findAnnotationOnBean(name, GlobalTtrpcServerInterceptor.class);
            if (filter != null && covers(filter.sockets(), socket)) {
                global.add(beans.getBean(name, ServerInterceptor.class));
            }
        }
        return global;
    }

    private static boolean covers(String[] sockets, String socket) {
        return sockets.length == 0 || Arrays.stream(sockets).anyMatch(name -> EntryNames.equal(name, socket));
    }

    private static ServerInterceptor forSocket(ServerInterceptor interceptor, String socket, TtrpcAddress address) {
        return interceptor instanceof PerSocketInterceptor perSocket
                ? perSocket.forSocket(socket, address)
                : interceptor;
    }
}
