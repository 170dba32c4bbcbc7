package dev.ttrpc.server;

import dev.ttrpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A service as it is served: its methods, the code behind each, and how that code is run. Immutable. */
public final class ServiceDefinition {
    private final String name;
    private final List<Method<?, ?>> methods;
    private final List<ServerInterceptor> interceptors;
    private final @Nullable Executor executor;
    private final boolean propagateStatuses;

    private ServiceDefinition(Builder builder) {
        this.name = builder.name;
        this.methods = List.copyOf(builder.methods.values());
        this.interceptors = List.copyOf(builder.interceptors);
        this.executor = builder.executor;
        this.propagateStatuses = builder.propagateStatuses;
    }

    /** Begins a service with its full protobuf name. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The full protobuf name, exactly as it stands on the wire. */
    public String name() {
        return name;
    }

    public List<Method<?, ?>> methods() {
        return methods;
    }

    /** Stand within the server's, the first outermost. */
    public List<ServerInterceptor> interceptors() {
        return interceptors;
    }

    /** Runs this service's handlers instead of the server's executor, or null. */
    public @Nullable Executor executor() {
        return executor;
    }

    public boolean propagateStatuses() {
        return propagateStatuses;
    }

    /** The same service with interceptors outside its own. */
    public ServiceDefinition intercept(List<? extends ServerInterceptor> outer) {
        Builder builder = new Builder(name);
        for (Method<?, ?> method : methods) {
            builder.methods.put(method.descriptor().name(), method);
        }
        builder.interceptors.addAll(outer);
        builder.interceptors.addAll(interceptors);
        builder.executor = executor;
        builder.propagateStatuses = propagateStatuses;
        return new ServiceDefinition(builder);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * One method and its code.
     *
     * @param onEventLoop for which requests the code runs on the event loop: null for none
     */
    public record Method<Q, P>(
            MethodDescriptor<Q, P> descriptor,
            MethodHandler<Q, P> handler,
            @Nullable Predicate<? super Q> onEventLoop) {}

    /** Collects the methods of a service and how they run. */
    public static final class Builder {
        private final String name;
        private final Map<String, Method<?, ?>> methods = new LinkedHashMap<>();
        private final List<ServerInterceptor> interceptors = new ArrayList<>();
        private @Nullable Executor executor;
        private boolean propagateStatuses;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        public <Q, P> Builder unary(MethodDescriptor<Q, P> method, MethodHandler.Unary<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder serverStreaming(
                MethodDescriptor<Q, P> method, MethodHandler.ServerStreaming<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder clientStreaming(
                MethodDescriptor<Q, P> method, MethodHandler.ClientStreaming<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder bidiStreaming(MethodDescriptor<Q, P> method, MethodHandler.BidiStreaming<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder unaryAsync(MethodDescriptor<Q, P> method, MethodHandler.AsyncUnary<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder serverStreamingAsync(
                MethodDescriptor<Q, P> method, MethodHandler.AsyncServerStreaming<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder clientStreamingAsync(
                MethodDescriptor<Q, P> method, MethodHandler.AsyncClientStreaming<Q, P> handler) {
            return add(method, handler);
        }

        public <Q, P> Builder bidiStreamingAsync(
                MethodDescriptor<Q, P> method, MethodHandler.AsyncBidiStreaming<Q, P> handler) {
            return add(method, handler);
        }

        /**
         * Declares that the method never waits, so that it runs on the event loop.
         *
         * @throws IllegalArgumentException for a streaming method of the blocking contract, or a method that is not bound
         */
        public Builder onEventLoop(MethodDescriptor<?, ?> method) {
            return replace(method, request -> true);
        }

        /** The same, for the requests that {@code when} accepts. It is asked on the event loop. Unary and server-streaming methods only. */
        public <Q> Builder onEventLoop(MethodDescriptor<Q, ?> method, Predicate<? super Q> when) {
            if (method.type().clientStreams()) {
                throw new IllegalArgumentException(method + " has no request to ask before it starts");
            }
            return replace(method, when);
        }

        /** The same for each method that may run there: all of the async contract, the unary ones of the blocking contract. */
        public Builder onEventLoop() {
            for (Method<?, ?> method : List.copyOf(methods.values())) {
                if (mayRunOnEventLoop(method.handler())) {
                    onEventLoop(method.descriptor());
                }
            }
            return this;
        }

        /** Runs this service's handlers on an executor of its own. */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** Stands around this service's calls, within the server's interceptors, the first outermost. */
        public Builder intercept(ServerInterceptor... added) {
            interceptors.addAll(List.of(added));
            return this;
        }

        /** Whether a status that a handler got from a call of its own ends the served call too. By default that is UNKNOWN. */
        public Builder propagateStatuses(boolean propagate) {
            this.propagateStatuses = propagate;
            return this;
        }

        public ServiceDefinition build() {
            return new ServiceDefinition(this);
        }

        private <Q, P> Builder add(MethodDescriptor<Q, P> method, MethodHandler<Q, P> handler) {
            Objects.requireNonNull(handler, "handler");
            if (!method.service().equals(name)) {
                throw new IllegalArgumentException("method " + method + " is not of service " + name);
            }
            if (methods.putIfAbsent(method.name(), new Method<>(method, handler, null)) != null) {
                throw new IllegalArgumentException("method " + method + " is bound twice");
            }
            return this;
        }

        @SuppressWarnings("unchecked") // the binding of a descriptor has the descriptor's types
        private <Q, P> Builder replace(MethodDescriptor<?, ?> descriptor, Predicate<? super Q> when) {
            Method<Q, P> method = (Method<Q, P>) methods.get(descriptor.name());
            if (method == null || method.descriptor() != descriptor) {
                throw new IllegalArgumentException("method " + descriptor + " is not bound in service " + name);
            }
            if (!mayRunOnEventLoop(method.handler())) {
                throw new IllegalArgumentException(
                        "a stream of the blocking contract waits and cannot run on the event loop: " + descriptor);
            }
            methods.put(descriptor.name(), new Method<>(method.descriptor(), method.handler(), when));
            return this;
        }

        private static boolean mayRunOnEventLoop(MethodHandler<?, ?> handler) {
            return !(handler instanceof MethodHandler.ServerStreaming
                    || handler instanceof MethodHandler.ClientStreaming
                    || handler instanceof MethodHandler.BidiStreaming);
        }
    }
}
