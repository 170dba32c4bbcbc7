package dev.ttrpc.server;

import dev.ttrpc.Peer;
import dev.ttrpc.PeerCredentials;
import java.util.HashSet;
import java.util.Set;

/** Decides who may connect, before anything is read. Called on the event loop; it must not wait. */
@FunctionalInterface
public interface PeerCheck {
    /** Whether the connection is served; a refused one is closed without a word. */
    boolean accepts(Peer peer);

    /** Everybody. */
    static PeerCheck any() {
        return peer -> true;
    }

    /** Peers whose user is one of these numbers. Refuses peers without credentials. */
    static PeerCheck users(Set<Integer> uids) {
        Set<Integer> allowed = known(uids);
        return peer -> peer.credentials() != null
                && allowed.contains(peer.credentials().uid());
    }

    /** Peers whose main group is one of these numbers. Refuses peers without credentials. */
    static PeerCheck groups(Set<Integer> gids) {
        Set<Integer> allowed = known(gids);
        return peer -> peer.credentials() != null
                && allowed.contains(peer.credentials().gid());
    }

    /** Those that either accepts. */
    default PeerCheck or(PeerCheck other) {
        return peer -> accepts(peer) || other.accepts(peer);
    }

    private static Set<Integer> known(Set<Integer> numbers) {
        Set<Integer> known = new HashSet<>(numbers);
        known.remove(PeerCredentials.UNKNOWN); // a number that the transport does not tell is nobody's
        return known;
    }
}
