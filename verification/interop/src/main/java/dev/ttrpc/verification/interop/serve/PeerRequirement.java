package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.PeerCredentials;
import dev.ttrpc.server.PeerCheck;
import dev.ttrpc.verification.interop.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Reads the value of {@code --require-peer}: {@code same-user}, {@code root} or {@code UID:GID}, several with commas between them. */
final class PeerRequirement {
    private static final int ROOT = 0;

    private PeerRequirement() {}

    static PeerCheck parse(String text) throws UsageException {
        PeerCheck check = peer -> false;
        for (String alternative : text.split(",", -1)) {
            check = check.or(one(alternative));
        }
        return check;
    }

    private static PeerCheck one(String text) throws UsageException {
        return switch (text) {
            case "same-user" -> PeerCheck.users(Set.of(ownUser()));
            case "root" -> PeerCheck.users(Set.of(ROOT));
            default -> userAndGroup(text);
        };
    }

    private static PeerCheck userAndGroup(String text) throws UsageException {
        String[] numbers = text.split(":", -1);
        try {
            if (numbers.length == 2) {
                int uid = Integer.parseUnsignedInt(numbers[0]);
                int gid = Integer.parseUnsignedInt(numbers[1]);
                if (uid == PeerCredentials.UNKNOWN || gid == PeerCredentials.UNKNOWN) {
                    throw notUnderstood(text);
                }
                return peer -> {
                    PeerCredentials credentials = peer.credentials();
                    return credentials != null && credentials.uid() == uid && credentials.gid() == gid;
                };
            }
        } catch (NumberFormatException e) {
            throw notUnderstood(text);
        }
        throw notUnderstood(text);
    }

    /** The user that a file made here belongs to. */
    private static int ownUser() throws UsageException {
        try {
            Path file = Files.createTempFile("owner", null);
            try {
                return (Integer) Files.getAttribute(file, "unix:uid");
            } finally {
                Files.delete(file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new UsageException(
                    "--require-peer=same-user: this process's user cannot be found out: " + e.getMessage());
        }
    }

    private static UsageException notUnderstood(String text) {
        return new UsageException("--require-peer must be same-user, root or UID:GID: " + text);
    }
}
