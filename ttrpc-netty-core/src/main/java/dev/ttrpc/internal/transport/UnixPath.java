package dev.ttrpc.internal.transport;

import io.netty.util.internal.PlatformDependent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The limits of a unix socket's path. */
final class UnixPath {

    /** The bytes that fit into {@code sun_path} before its closing NUL. */
    static final int LONGEST = PlatformDependent.isOsx() ? 103 : 107;

    private UnixPath() {}

    static boolean fits(String path) {
        return bytes(path) <= LONGEST;
    }

    /** Throws an IllegalArgumentException, whose message is the reason in words, if no socket can have this path here. */
    static void check(String path) {
        if (!fits(path)) {
            throw new IllegalArgumentException("the path has " + bytes(path) + " bytes, this system allows " + LONGEST
                    + " for a socket, choose a shorter one");
        }
        Path unused = Path.of(path); // refuses what the file system cannot name
    }

    private static int bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8).length;
    }
}
