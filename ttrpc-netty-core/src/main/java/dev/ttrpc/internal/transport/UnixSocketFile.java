package dev.ttrpc.internal.transport;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.transport.ListenOptions;
import dev.ttrpc.transport.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a listening socket's file.
 *
 * <p>It is bound in a fresh directory beside its path that nobody else may enter, gets its mode and owner there, and is renamed to its
 * path only when, under a lock, nobody serves that path. So nobody connects before the permissions hold, two servers never have one
 * path, and Netty, which removes what it finds where it binds and later what it finds where it bound, never touches the path itself.
 */
final class UnixSocketFile {

    private static final Logger logger = LoggerFactory.getLogger(UnixSocketFile.class);

    private static final Sockets PROBE = new NioSockets();

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> WRITABLE_BY_OWNER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final TtrpcAddress.Unix address;
    private final ListenOptions options;
    private final Sockets sockets;
    private final Path path;
    private final Path directory;

    UnixSocketFile(TtrpcAddress.Unix address, ListenOptions options, Sockets sockets) {
        this.address = address;
        this.options = options;
        this.sockets = sockets;
        this.path = Path.of(address.path());
        this.directory = Objects.requireNonNullElse(path.getParent(), path);
    }

    /** Listens; returns when the socket is at its path. */
    Listener listen(ServerBootstrap bootstrap) throws IOException {
        prepareDirectory();
        try (PrivateDirectory workplace = createWorkplace()) {
            Path socket = workplace.path().resolve("s");
            Channel channel = bind(bootstrap, socket);
            try {
                setPermissions(socket);
                setOwner(socket);
                Object identity = identity(socket);
                moveIntoPlace(socket);
                return new BoundListener(address, channel, () -> removeIfOurs(identity));
            } catch (IOException | RuntimeException e) {
                channel.close().awaitUninterruptibly();
                throw e;
            }
        }
    }

    private void prepareDirectory() throws IOException {
        if (!path.isAbsolute()) {
            throw ListenFailures.of(address, "the path is not absolute on this system", null);
        }
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory)) {
            throw ListenFailures.of(address, directory + " is not a directory, choose another path", null);
        }
        if (!options.createDirectories()) {
            throw ListenFailures.of(
                    address,
                    "the directory " + directory + " does not exist, create it or set create-directories",
                    null);
        }
        try {
            Files.createDirectories(directory, permissions(WRITABLE_BY_OWNER));
        } catch (IOException e) {
            throw ListenFailures.of(
                    address, "the directory " + directory + " cannot be created (" + reason(e) + ")", e);
        }
    }

    private PrivateDirectory createWorkplace() throws IOException {
        try {
            return PrivateDirectory.in(directory, permissions(OWNER_ONLY));
        } catch (IOException e) {
            throw ListenFailures.of(
                    address,
                    "the directory " + directory + " is not writable, change its permissions or choose another path ("
                            + reason(e) + ")",
                    e);
        }
    }

    private FileAttribute<?>[] permissions(Set<PosixFilePermission> permissions) {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private boolean isPosix() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private Channel bind(ServerBootstrap bootstrap, Path socket) throws IOException {
        try {
            if (bytes(socket) <= sockets.longestPath()) {
                return BoundListener.bind(bootstrap, sockets.unixAddress(socket.toString()));
            }
            try (PrivateDirectory detour = createDetour()) {
                Path workplace = Files.createSymbolicLink(detour.path().resolve("d"), socket.getParent());
                return BoundListener.bind(
                        bootstrap,
                        sockets.unixAddress(
                                workplace.resolve(socket.getFileName()).toString()));
            }
        } catch (IOException e) {
            throw ListenFailures.of(address, reason(e), e);
        }
    }

    /** A place for a short name of something whose own name is longer than a socket's path may be. */
    private PrivateDirectory createDetour() throws IOException {
        return PrivateDirectory.in(Path.of(System.getProperty("java.io.tmpdir")), permissions(OWNER_ONLY));
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private void setPermissions(Path socket) throws IOException {
        if (!isPosix()) {
            return;
        }
        try {
            Files.setPosixFilePermissions(socket, options.unixPermissions());
        } catch (IOException e) {
            throw ListenFailures.of(address, "its permissions cannot be set (" + reason(e) + ")", e);
        }
    }

    private void setOwner(Path socket) throws IOException {
        String owner = options.unixOwner();
        String group = options.unixGroup();
        if (owner == null && group == null) {
            return;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw ListenFailures.of(address, "files have no owner and group here, do not set them", null);
        }
        UserPrincipalLookupService users = socket.getFileSystem().getUserPrincipalLookupService();
        try {
            if (group != null) {
                view.setGroup(lookUp("group", group, users::lookupPrincipalByGroupName));
            }
            if (owner != null) {
                view.setOwner(lookUp("user", owner, users::lookupPrincipalByName));
            }
        } catch (FileSystemException e) {
            throw ListenFailures.of(
                    address,
                    "its owner cannot be set, which needs the rights to give files away (" + reason(e) + ")",
                    e);
        }
    }

    private interface Lookup<T> {
        T byName(String name) throws IOException;
    }

    private <T> T lookUp(String what, String name, Lookup<T> lookup) throws IOException {
        try {
            return lookup.byName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw ListenFailures.of(address, "there is no " + what + " '" + name + "', name another one", e);
        }
    }

    private void moveIntoPlace(Path socket) throws IOException {
        try {
            LockFile lock = LockFile.take(path);
            try {
                makeWay();
                Files.move(socket, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                lock.release();
            }
        } catch (FileSystemException e) {
            throw ListenFailures.of(address, reason(e), e);
        }
    }

    /** Returns if the path is free or what is there may be replaced. */
    private void makeWay() throws IOException {
        switch (inspect()) {
            case NOTHING -> {}
            case STALE_SOCKET -> {
                if (options.existing() == ListenOptions.Existing.FAIL) {
                    throw ListenFailures.of(
                            address,
                            "a socket that nobody serves is left there, remove it or let existing replace it",
                            null);
                }
                logger.debug("Replacing the socket at {}, which nobody serves", path);
            }
            case LIVE_SOCKET ->
                throw ListenFailures.of(
                        address, "it is served by a live process, stop that process or choose another path", null);
            case SOMETHING_ELSE ->
                throw ListenFailures.of(
                        address, "there is something that is not a socket, remove it or choose another path", null);
        }
    }

    private enum Found {
        NOTHING,
        STALE_SOCKET,
        LIVE_SOCKET,
        SOMETHING_ELSE
    }

    private Found inspect() throws IOException {
        try {
            if (!isSocket()) {
                return Found.SOMETHING_ELSE;
            }
        } catch (NoSuchFileException e) {
            return Found.NOTHING;
        }
        if (bytes(path) <= PROBE.longestPath()) {
            return probe(path);
        }
        try (PrivateDirectory detour = createDetour()) {
            return probe(Files.createSymbolicLink(detour.path().resolve("s"), path));
        }
    }

    /** Only a refusal says that nobody serves the socket; a full backlog, say, is a sign of life. */
    private Found probe(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            boolean unused = probe.connect(UnixDomainSocketAddress.of(socket));
            return Found.LIVE_SOCKET;
        } catch (ConnectException e) {
            return Found.STALE_SOCKET;
        } catch (IOException e) {
            if (PROBE.isFullBacklog(e)) {
                return Found.LIVE_SOCKET;
            }
            throw ListenFailures.of(
                    address,
                    "whether somebody serves it cannot be found out (" + reason(e) + "), choose another path",
                    e);
        }
    }

    private boolean isSocket() throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & 0170000) == 0140000; // S_IFMT, S_IFSOCK
        }
        return attributes(path).isOther();
    }

    private void removeIfOurs(Object identity) {
        if (!options.deleteOnClose()) {
            return;
        }
        try {
            // Ours cannot be mistaken: while the channel is open its inode is not used again.
            if (identity.equals(identity(path))) {
                Files.delete(path);
            } else {
                logger.debug("The socket at {} is another one by now and stays", path);
            }
        } catch (NoSuchFileException e) {
            logger.debug("The socket at {} was removed by somebody else", path);
        } catch (IOException e) {
            logger.warn("The socket at {} cannot be removed", path, e);
        }
    }

    /** Device and inode, or what comes nearest where files have none. */
    private static Object identity(Path socket) throws IOException {
        BasicFileAttributes attributes = attributes(socket);
        return Objects.requireNonNullElse(attributes.fileKey(), attributes.creationTime());
    }

    private static BasicFileAttributes attributes(Path socket) throws IOException {
        return Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return e instanceof FileSystemException ? e.getClass().getSimpleName() : String.valueOf(e.getMessage());
    }
}
