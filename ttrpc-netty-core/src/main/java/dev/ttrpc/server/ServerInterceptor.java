package dev.ttrpc.server;

/** Stands around each call of a service or a server, unary and streaming, blocking and async. */
@FunctionalInterface
public interface ServerInterceptor {
    /**
     * Called on the thread that runs the handler. Either proceeds once on this thread, or ends the call by {@link ServerCall#end}.
     *
     * <p>{@code next.proceed} returns when the handler's method has returned, so thread-locals and try/finally work; a blocking handler's answer is sent
     * when the outermost interceptor has returned. What the handler or an interceptor throws passes through and ends the call by the rules for handlers.
     */
    void intercept(ServerCall call, Next next) throws Exception;

    /** The rest of the chain. */
    @FunctionalInterface
    interface Next {
        void proceed(ServerCall call) throws Exception;
    }
}
