package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
        return of(address, "it did not accept within " + millis + " ms", null);
    }

    private static String reason(TtrpcAddress address, Throwable cause) {
        if (address instanceof TtrpcAddress.Unix unix && isAbsent(unix.path())) {
            return "there is no such socket, is its server running?";
        }
        if (cause instanceof UnknownHostException) {
            return "the host is not known";
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("refused")) {
            return "connection refused, is its server running?";
        }
        return message;
    }

    private static boolean isAbsent(String path) {
        try {
            return Files.notExists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
        } catch (java.nio.file.InvalidPathException e) {
            return false;
        }
    }
}
