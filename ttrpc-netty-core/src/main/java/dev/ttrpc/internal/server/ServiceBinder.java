package dev.ttrpc.internal.server;

import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** Makes services ready to be served by one server: its interceptors around each method, and one handler executor for each executor that they name. Any thread. */
final class ServiceBinder {
    private final List<ServerInterceptor> interceptors;
    private final int maxQueued;
    private final List<HandlerExecutor> executors = new CopyOnWriteArrayList<>(); // only grows
    private final Map<Executor, Integer> indices = new IdentityHashMap<>(); // guarded by this

    /**
     * @param common runs what names no executor of its own
     * @param maxQueued how many calls may wait for each further executor
     * @param interceptors around every service, the first outermost
     */
    ServiceBinder(HandlerExecutor common, int maxQueued, List<ServerInterceptor> interceptors) {
        this.executors.add(common);
        this.maxQueued = maxQueued;
        this.interceptors = List.copyOf(interceptors);
    }

    /** @throws IllegalArgumentException where two of the services have one name */
    synchronized MethodTable bind(Collection<ServiceDefinition> services) {
        Set<String> names = names(services);
        List<BoundMethod<?, ?>> methods = new ArrayList<>();
        for (ServiceDefinition service : services) {
            List<ServerInterceptor> around = new ArrayList<>(interceptors);
            around.addAll(service.interceptors());
            int executor = executor(service);
            for (ServiceDefinition.Method<?, ?> method : service.methods()) {
                methods.add(new BoundMethod<>(method, around, service.propagateStatuses(), executor));
            }
        }
        return new MethodTable(methods, names);
    }

    /** @throws IllegalArgumentException where two of the services have one name */
    static Set<String> names(Collection<ServiceDefinition> services) {
        Set<String> names = new HashSet<>();
        for (ServiceDefinition service : services) {
            if (!names.add(service.name())) {
                throw new IllegalArgumentException("service " + service.name() + " is given twice");
            }
        }
        return names;
    }

    private int executor(ServiceDefinition service) {
        Executor own = service.executor();
        if (own == null) {
            return 0;
        }
        return indices.computeIfAbsent(own, used -> {
            executors.add(HandlerExecutor.of(used, maxQueued));
            return executors.size() - 1;
        });
    }

    /** All executors so far, the common one first; a method knows its own by the index. */
    List<HandlerExecutor> executors() {
        return executors;
    }
}
