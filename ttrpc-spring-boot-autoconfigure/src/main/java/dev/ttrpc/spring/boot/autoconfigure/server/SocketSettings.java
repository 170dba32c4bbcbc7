package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.PeerCheck;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.transport.ListenOptions;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.unit.DataSize;

/**
 * Applies what is configured for a socket to its server's builder.
 *
 * @param name the socket's name
 * @param socket its settings with the defaults merged in
 */
record SocketSettings(String name, TtrpcServerProperties.Socket socket) {

    void applyTo(TtrpcServer.Builder builder, TtrpcAddress address) {
        PropertyMapper map = PropertyMapper.get();
        map.from(socket.message()::maxSize).as(SocketSettings::bytes).to(builder::maxMessageSize);
        map.from(socket.metadata()::maxSize).as(SocketSettings::bytes).to(builder::maxMetadataSize);
        map.from(socket.calls()::maxConcurrent).to(builder::maxConcurrentCalls);
        map.from(socket.calls()::maxDuration).to(builder::maxCallDuration);
        map.from(socket.connections()::max).to(builder::maxConnections);
        map.from(socket.flow()::receiveBudget).as(DataSize::toBytes).to(builder::receiveBudget);
        map.from(socket.flow()::writeHighWaterMark).as(DataSize::toBytes).to(builder::sendBudget);
        map.from(socket.flow()::stallTimeout).to(builder::stallTimeout);
        map.from(socket::strictStreamIds).to(builder::strictStreamIds);
        map.from(() -> peerCheck(address)).to(builder::peerCheck);
        builder.listen(address, listenOptions());
    }

    private ListenOptions listenOptions() {
        ListenOptions.Builder options = ListenOptions.builder();
        PropertyMapper map = PropertyMapper.get();
        map.from(socket.tcp()::backlog).to(options::tcpBacklog);
        map.from(socket.tcp()::noDelay).to(options::tcpNoDelay);
        map.from(socket.tcp()::keepAlive).to(options::tcpKeepAlive);
        map.from(socket.unix()::permissions).as(this::permissions).to(options::unixPermissions);
        map.from(socket.unix()::owner).to(options::unixOwner);
        map.from(socket.unix()::group).to(options::unixGroup);
        map.from(socket.unix()::existing).to(options::existing);
        map.from(socket.unix()::createDirectories).to(options::createDirectories);
        map.from(socket.unix()::deleteOnClose).to(options::deleteOnClose);
        return options.build();
    }

    private Set<PosixFilePermission> permissions(String text) {
        try {
            return UnixPermissions.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FailureAnalyzedException(
                    SocketKeys.of(name, "unix.permissions") + " is wrong. " + e.getMessage(),
                    "Write it as rw-rw----, or as an octal number in quotes: \"0660\".",
                    e);
        }
    }

    private @Nullable PeerCheck peerCheck(TtrpcAddress address) {
        PeerCheck check = PeerChecks.of(socket.peer());
        if (check != null && address instanceof TtrpcAddress.Tcp) {
            throw new FailureAnalyzedException(
                    SocketKeys.of(name, "peer") + " asks who connects, but " + SocketKeys.of(name, "address") + " is "
                            + address + ": TCP does not tell.",
                    "Remove " + SocketKeys.of(name, "peer")
                            + " (it may come from ttrpc.server.socket-defaults.peer), or listen on a unix socket.");
        }
        return check;
    }

    /** More than an int holds is out of the builder's range in any case, which says so. */
    private static int bytes(DataSize size) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, size.toBytes()));
    }
}
