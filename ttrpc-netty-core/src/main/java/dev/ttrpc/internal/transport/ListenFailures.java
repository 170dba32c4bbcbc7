package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import java.io.IOException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** Why an address cannot be listened on, as a sentence that names it and says what to change. */
final class ListenFailures {

    private ListenFailures() {}

    static IOException of(TtrpcAddress address, String reason, @Nullable Throwable cause) {
        BindException failure = new BindException("Cannot listen on " + address + ": " + reason);
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}
