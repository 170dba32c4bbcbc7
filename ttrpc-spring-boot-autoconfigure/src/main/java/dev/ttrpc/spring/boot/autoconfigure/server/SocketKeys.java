package dev.ttrpc.spring.boot.autoconfigure.server;

/** The property names of a socket, for sentences. */
final class SocketKeys {
    private SocketKeys() {}

    /** For example {@code ttrpc.server.socket.main.address}. */
    static String of(String socket, String key) {
        return "ttrpc.server.socket." + socket + "." + key;
    }
}
