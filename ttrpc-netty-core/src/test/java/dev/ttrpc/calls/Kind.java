package dev.ttrpc.calls;

/** The four kinds of method, as a client opens each. */
enum Kind {
    UNARY("Echo", 0),
    SERVER_STREAMING("Split", RawClient.RC),
    CLIENT_STREAMING("Join", RawClient.RO | RawClient.ND),
    BIDIRECTIONAL("Chat", RawClient.RO | RawClient.ND);

    /** The method of this kind, in {@link Texts} and in {@link HeldCalls}. */
    final String method;
    /** The flags of the Request by which a client opens a call. */
    final int flags;

    Kind(String method, int flags) {
        this.method = method;
        this.flags = flags;
    }

    boolean clientStreams() {
        return this == CLIENT_STREAMING || this == BIDIRECTIONAL;
    }

    boolean serverStreams() {
        return this == SERVER_STREAMING || this == BIDIRECTIONAL;
    }
}
