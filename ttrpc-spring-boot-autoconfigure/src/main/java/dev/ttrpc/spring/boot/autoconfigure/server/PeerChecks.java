package dev.ttrpc.spring.boot.autoconfigure.server;

import com.sun.security.auth.module.UnixSystem;
import dev.ttrpc.server.PeerCheck;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The check that the {@code peer} settings of a socket ask for. */
final class PeerChecks {
    private static final int ROOT = 0;

    private PeerChecks() {}

    /** Those of the required user, of the users and of the groups listed; null where nothing is asked. */
    static @Nullable PeerCheck of(TtrpcServerProperties.Peer peer) {
        return Stream.of(required(peer.require()), users(peer.uids()), groups(peer.gids()))
                .flatMap(List::stream)
                .reduce(PeerCheck::or)
                .orElse(null);
    }

    private static List<PeerCheck> required(TtrpcServerProperties.@Nullable PeerRequirement require) {
        if (require == null) {
            return List.of();
        }
        return switch (require) {
            case ANY -> List.of();
            case SAME_USER -> List.of(PeerCheck.users(numbers(List.of(new UnixSystem().getUid()))));
            case ROOT -> List.of(PeerCheck.users(Set.of(ROOT)));
        };
    }

    private static List<PeerCheck> users(@Nullable List<Long> uids) {
        return uids == null || uids.isEmpty() ? List.of() : List.of(PeerCheck.users(numbers(uids)));
    }

    private static List<PeerCheck> groups(@Nullable List<Long> gids) {
        return gids == null || gids.isEmpty() ? List.of() : List.of(PeerCheck.groups(numbers(gids)));
    }

    /** Numbers of users and groups have 32 bits without a sign, the core keeps them as int. */
    private static Set<Integer> numbers(List<Long> numbers) {
        return numbers.stream().map(Long::intValue).collect(Collectors.toSet());
    }
}
