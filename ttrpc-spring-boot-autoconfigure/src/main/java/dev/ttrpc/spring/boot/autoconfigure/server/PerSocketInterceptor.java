package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServerInterceptor;

/** An interceptor that is another one for each socket, because what it does depends on it. Asked once for each socket, not for each call. */
public interface PerSocketInterceptor extends ServerInterceptor {
    /**
     * What stands in the chains of a socket instead of this.
     *
     * @param address as configured
     */
    ServerInterceptor forSocket(String socket, TtrpcAddress address);
}
