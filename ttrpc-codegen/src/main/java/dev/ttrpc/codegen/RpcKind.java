package dev.ttrpc.codegen;

/** The four kinds of method, each with the word that the runtime's methods have for it. */
enum RpcKind {
    UNARY("unary"),
    SERVER_STREAMING("serverStreaming"),
    CLIENT_STREAMING("clientStreaming"),
    BIDI_STREAMING("bidiStreaming");

    private final String word;

    RpcKind(String word) {
        this.word = word;
    }

    static RpcKind of(boolean clientStreams, boolean serverStreams) {
        if (clientStreams) {
            return serverStreams ? BIDI_STREAMING : CLIENT_STREAMING;
        }
        return serverStreams ? SERVER_STREAMING : UNARY;
    }

    String word() {
        return word;
    }
}
