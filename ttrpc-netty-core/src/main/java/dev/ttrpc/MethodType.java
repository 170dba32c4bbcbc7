package dev.ttrpc;

/** The four kinds of method. */
public enum MethodType {
    /** One request, one response. */
    UNARY(false, false),
    /** Many requests, one response. */
    CLIENT_STREAMING(true, false),
    /** One request, many responses. */
    SERVER_STREAMING(false, true),
    /** Many requests, many responses, in any order. */
    BIDI_STREAMING(true, true);

    private final boolean clientStreams;
    private final boolean serverStreams;

    MethodType(boolean clientStreams, boolean serverStreams) {
        this.clientStreams = clientStreams;
        this.serverStreams = serverStreams;
    }

    /** Whether the client sends a stream of messages. */
    public boolean clientStreams() {
        return clientStreams;
    }

    /** Whether the server sends a stream of messages. */
    public boolean serverStreams() {
        return serverStreams;
    }
}
