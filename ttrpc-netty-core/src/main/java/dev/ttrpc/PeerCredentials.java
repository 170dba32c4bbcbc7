package dev.ttrpc;

/**
 * Who is at the other end of a connection, as the operating system knows it and the peer cannot forge it.
 *
 * <p>A number that the transport does not tell is {@link #UNKNOWN}. A check must treat that as somebody else, never as a match.
 *
 * @param pid the process that connected or listened; unknown where Java's own sockets are used
 * @param uid the user, at the moment of connecting or listening
 * @param gid the user's main group at that moment
 */
public record PeerCredentials(int pid, int uid, int gid) {

    /** Stands for a number that the transport does not tell. */
    public static final int UNKNOWN = -1;
}
