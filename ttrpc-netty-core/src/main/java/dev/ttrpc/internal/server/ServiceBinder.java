package dev.ttrpc.internal.server;

import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes services ready to be served by one server: its interceptors around each method, and one handler executor for each executor that they name. Any thread. */
final class ServiceBinder {
    private final List<ServerInterceptor> interceptors;
    private final int maxQueued;
    private final HandlerExecutor common;
    private final List<Own> own = new ArrayList<>(); // guarded by this

    /**
     * @param common runs what names no executor of its own
     * @param maxQueued how many calls may wait for each further executor
     * @param interceptors around every service, the first outermost
     */
    ServiceBinder(HandlerExecutor common, int maxQueued, List<ServerInterceptor> interceptors) {
        this.common = common;
        this.maxQueued = maxQueued;
        this.interceptors = List.copyOf(interceptors);
    }

    /** @throws IllegalArgumentException where two of the services have one name */
    synchronized MethodTable bind(Collection<ServiceDefinition> services) {
        own.removeIf(known -> known.handlers.refersTo(null));
        Set<String> names = names(services);
        List<BoundMethod<?, ?>> methods = new ArrayList<>();
        List<HandlerExecutor> executors = new ArrayList<>(List.of(common));
        for (ServiceDefinition service : services) {
            List<ServerInterceptor> around = new ArrayList<>(interceptors);
            around.addAll(service.interceptors());
            int executor = index(service.executor(), executors);
            for (ServiceDefinition.Method<?, ?> method : service.methods()) {
                methods.add(new BoundMethod<>(method, around, service.propagateStatuses(), executor));
            }
        }
        return new MethodTable(methods, names, executors);
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

    /** The place of the one that runs the tasks of {@code used}, which is put there where it has none. */
    private int index(@Nullable Executor used, List<HandlerExecutor> executors) {
        HandlerExecutor found = used == null ? common : own(used);
        if (!executors.contains(found)) {
            executors.add(found);
        }
        return executors.indexOf(found);
    }

    private HandlerExecutor own(Executor used) {
        for (Own known : own) {
            HandlerExecutor there = known.handlers.get();
            if (there != null && known.executor.refersTo(used)) {
                return there;
            }
        }
        HandlerExecutor made = HandlerExecutor.of(used, maxQueued);
        own.add(new Own(new WeakReference<>(used), new WeakReference<>(made)));
        return made;
    }

    /** All that have something to run or may get it, the common one first. */
    synchronized List<HandlerExecutor> executors() {
        own.removeIf(known -> known.handlers.refersTo(null));
        List<HandlerExecutor> all = new ArrayList<>(List.of(common));
        for (Own known : own) {
            HandlerExecutor there = known.handlers.get();
            if (there != null) {
                all.add(there);
            }
        }
        return all;
    }

    /**
     * What runs handlers on an executor of the user's. The services that name it hold it, by the listeners and connections that serve them, and so do the handlers that
     * run on it: when they are gone, it is too.
     */
    private record Own(WeakReference<Executor> executor, WeakReference<HandlerExecutor> handlers) {}
}
