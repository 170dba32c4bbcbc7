package dev.ttrpc.internal.transport;

import dev.ttrpc.PeerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.stream.Stream;

/** The numbers behind users and groups. */
final class UnixUsers {

    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private UnixUsers() {}

    /** The numbers as Netty's native sockets have them. */
    static PeerCredentials credentials(io.netty.channel.unix.PeerCredentials peer) {
        int gid = peer.gids().length == 0 ? PeerCredentials.UNKNOWN : peer.gids()[0];
        return new PeerCredentials(peer.pid() == 0 ? PeerCredentials.UNKNOWN : peer.pid(), peer.uid(), gid);
    }

    /** The numbers behind the names that Java's own sockets have; unknown where the system's files do not list a name. */
    static PeerCredentials credentials(Principal user, Principal group) {
        return new PeerCredentials(
                PeerCredentials.UNKNOWN,
                number(user.getName(), Path.of("/etc/passwd")),
                number(group.getName(), Path.of("/etc/group")));
    }

    /** This process. */
    static PeerCredentials own() {
        return new PeerCredentials((int) ProcessHandle.current().pid(), ownNumber("unix:uid"), ownNumber("unix:gid"));
    }

    private static int ownNumber(String attribute) {
        try {
            return (Integer) Files.getAttribute(OWN_PROCESS, attribute);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return PeerCredentials.UNKNOWN;
        }
    }

    /** Java gives the number itself as the name of somebody who has no entry. */
    private static int number(String name, Path table) {
        try (Stream<String> lines = Files.lines(table)) {
            String number = lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2 && fields[0].equals(name))
                    .map(fields -> fields[2])
                    .findFirst()
                    .orElse(name);
            return Integer.parseUnsignedInt(number);
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return PeerCredentials.UNKNOWN;
        }
    }
}
