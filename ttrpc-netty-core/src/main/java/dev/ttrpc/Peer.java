package dev.ttrpc;

import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param address for people: on TCP the peer's host and port; where peers have no name of their own, as on unix sockets, the address by
 *     which it came in or was reached
 * @param parsedAddress the same as a value, or null where it has no such form
 * @param credentials null where the transport has none, as TCP
 */
public record Peer(
        String address,
        @Nullable TtrpcAddress parsedAddress,
        @Nullable PeerCredentials credentials) {

    /** The address, followed by the credentials where there are any. */
    @Override
    public String toString() {
        if (credentials == null) {
            return address;
        }
        return address + " (pid " + credentials.pid() + ", uid " + credentials.uid() + ", gid " + credentials.gid()
                + ")";
    }
}
