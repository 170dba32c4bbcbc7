package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.MethodType;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import org.jspecify.annotations.Nullable;

/** The values of the keys that both sides have. */
final class KeyText {
    static final String NONE = "none";
    static final String SYSTEM = "ttrpc";

    private KeyText() {}

    static String statusCode(@Nullable Status status) {
        return status == null ? NONE : status.code().name();
    }

    static String orNone(@Nullable String text) {
        return text == null ? NONE : text;
    }

    static String methodType(MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_streaming";
            case SERVER_STREAMING -> "server_streaming";
            case BIDI_STREAMING -> "bidi";
        };
    }

    static String transport(@Nullable TtrpcAddress address) {
        if (address == null) {
            return NONE;
        }
        return switch (address.scheme()) {
            case "npipe" -> "pipe";
            case "hvsock" -> "vsock";
            default -> address.scheme();
        };
    }

    /** The path or host, without what only says how to get there. */
    static String serverAddress(@Nullable TtrpcAddress address) {
        if (address == null) {
            return NONE;
        }
        if (address instanceof TtrpcAddress.Unix unix) {
            return unix.path();
        }
        if (address instanceof TtrpcAddress.Abstract named) {
            return "@" + named.name();
        }
        if (address instanceof TtrpcAddress.Tcp tcp) {
            return tcp.host();
        }
        return address.toString();
    }

    static String serverPort(@Nullable TtrpcAddress address) {
        return address instanceof TtrpcAddress.Tcp tcp ? Integer.toString(tcp.port()) : NONE;
    }
}
