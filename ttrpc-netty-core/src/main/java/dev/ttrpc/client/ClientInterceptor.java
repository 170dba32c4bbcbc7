package dev.ttrpc.client;

/**
 * Stands around each call of a channel, unary and streaming, blocking and async. Retry, reconnection and waiting for a connection lie
 * below: an interceptor sees one call with its final status.
 */
@FunctionalInterface
public interface ClientInterceptor {
    /**
     * Called on the caller's thread. Either proceeds once on this thread, or ends the call by {@link ClientCall#end}. For a blocking unary call
     * {@code next.proceed} returns when the call has ended; else when it was started.
     *
     * <p>What it throws ends the call; the caller gets it.
     */
    void intercept(ClientCall call, Next next);

    /** The rest of the chain. */
    @FunctionalInterface
    interface Next {
        void proceed(ClientCall call);
    }
}
