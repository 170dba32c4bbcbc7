package dev.ttrpc.internal.server;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.server.MethodHandler;
import dev.ttrpc.server.ServerInterceptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One method as a server serves it: the code with its interceptors folded around it, and where it runs. */
final class BoundMethod<Q, P> {
    private final MethodDescriptor<Q, P> descriptor;
    private final MethodHandler<Q, P> handler;
    private final @Nullable Predicate<? super Q> onEventLoop;
    private final boolean propagateStatuses;
    private final int executor;
    private final ServerInterceptor.Next chain;
    private final byte[] service;
    private final byte[] name;

    /** @param executor the index of the executor among its table's */
    BoundMethod(
            dev.ttrpc.server.ServiceDefinition.Method<Q, P> method,
            List<ServerInterceptor> interceptors,
            boolean propagateStatuses,
            int executor) {
        this.descriptor = method.descriptor();
        this.handler = method.handler();
        this.onEventLoop = method.onEventLoop();
        this.propagateStatuses = propagateStatuses;
        this.executor = executor;
        this.service = descriptor.service().getBytes(StandardCharsets.UTF_8);
        this.name = descriptor.name().getBytes(StandardCharsets.UTF_8);
        ServerInterceptor.Next next = call -> ((ServedCall<?, ?>) call).invokeHandler();
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            ServerInterceptor interceptor = interceptors.get(i);
            ServerInterceptor.Next inner = next;
            next = call -> interceptor.intercept(call, inner);
        }
        this.chain = next;
    }

    MethodDescriptor<Q, P> descriptor() {
        return descriptor;
    }

    MethodHandler<Q, P> handler() {
        return handler;
    }

    /** Whether anything of this method may run on the event loop. */
    boolean mayRunOnEventLoop() {
        return onEventLoop != null;
    }

    boolean runsOnEventLoop(Q request) {
        return onEventLoop != null && onEventLoop.test(request);
    }

    boolean propagateStatuses() {
        return propagateStatuses;
    }

    int executor() {
        return executor;
    }

    /** The interceptors around the handler, the first outermost. */
    ServerInterceptor.Next chain() {
        return chain;
    }

    byte[] serviceBytes() {
        return service;
    }

    byte[] nameBytes() {
        return name;
    }
}
