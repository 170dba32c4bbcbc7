package dev.ttrpc.client;

/** What the connection of a channel is doing, in gRPC's words. */
public enum ChannelState {
    /** No connection, and none being made: the next call makes one. */
    IDLE,
    /** A connection is being made. */
    CONNECTING,
    /** There is a connection. */
    READY,
    /** The last attempt failed; the next one waits for its back-off. */
    TRANSIENT_FAILURE,
    /** Closed for good. */
    SHUTDOWN
}
