package dev.ttrpc.spring;

import dev.ttrpc.TtrpcAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where this application listens. Safe for any thread. */
public interface TtrpcServerAddresses {
    /** The names of the sockets that are configured and enabled. */
    Set<String> sockets();

    /** The address the socket listens on, with the real port where 0 was configured; null while it does not listen. */
    @Nullable
    TtrpcAddress find(String socket);
}
