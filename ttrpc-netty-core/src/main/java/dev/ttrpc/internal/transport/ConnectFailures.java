package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why there is no connection, as a sentence that names the address. */
final class ConnectFailures {

    private ConnectFailures() {}

    static ConnectException of(TtrpcAddress address, Throwable cause) {
        return of(address, reason(address, cause), cause);
    }

    static ConnectException of(TtrpcAddress address, String reason, @Nullable Throwable cause) {
        ConnectException failure = new ConnectException("Cannot connect to " + address + ": " + reason);
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }

    static ConnectException timeout(TtrpcAddress address, long millis) {
        return of(address, "there was no connection within " + millis + " ms", null);
    }

    private static String reason(TtrpcAddress address, Throwable cause) {
        if (isAbsent(address)) {
            return "there is no such socket, is its server running?";
        }
        if (cause instanceof UnknownHostException) {
            return "the host is not known";
        }
        if (cause instanceof ConnectTimeoutException) {
            return "there was no connection in time";
        }
        String message = String.valueOf(cause.getMessage());
        return message.contains("refused") ? "connection refused, is its server running?" : message;
    }

    /** Whether it is the path of a socket, and nothing is there. */
    static boolean isAbsent(TtrpcAddress address) {
        try {
            return address instanceof TtrpcAddress.Unix unix && Files.notExists(Path.of(unix.path()));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
