package dev.ttrpc.spring.boot.autoconfigure.server;

import static dev.ttrpc.spring.boot.autoconfigure.Merge.first;

import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import dev.ttrpc.transport.ListenOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the application serves and where.
 *
 * @param shutdown How running calls end when the application stops.
 * @param executor Threads that run endpoints where virtual threads are not enabled.
 * @param error What peers are told of failures.
 * @param socket Sockets to listen on, by name.
 * @param socketDefaults Settings of every socket that does not have its own.
 */
@ConfigurationProperties("ttrpc.server")
public record TtrpcServerProperties(
        @DefaultValue("graceful") Shutdown shutdown,
        @DefaultValue Executor executor,
        @DefaultValue Error error,
        @DefaultValue Map<String, Socket> socket,
        @DefaultValue Socket socketDefaults) {

    /** Joins the spellings of one name. */
    public TtrpcServerProperties {
        socket = EntryNames.distinct(socket);
    }

    /** Each enabled socket by name, with what it does not set taken from {@code socket-defaults} and then from {@link Socket#DEFAULTS}. */
    Map<String, Socket> effectiveSockets() {
        Socket defaults = socketDefaults.over(Socket.DEFAULTS);
        Map<String, Socket> sockets = new LinkedHashMap<>();
        socket.forEach((name, own) -> {
            Socket effective = own.over(defaults);
            if (Boolean.TRUE.equals(effective.enabled())) {
                sockets.put(name, effective);
            }
        });
        return sockets;
    }

    /** How running calls end when the application stops. */
    public enum Shutdown {
        /** They may finish within spring.lifecycle.timeout-per-shutdown-phase. */
        GRACEFUL,
        /** They are cut off. */
        IMMEDIATE
    }

    /**
     * Threads that run endpoints where virtual threads are not enabled.
     *
     * @param bean Name of an Executor bean to use instead.
     * @param maxSize Largest number of threads for each socket.
     * @param queueCapacity How many calls of each socket may wait for a thread. A further one is refused with RESOURCE_EXHAUSTED.
     * @param keepAlive How long an idle thread is kept.
     */
    public record Executor(
            @Nullable String bean,
            @DefaultValue("256") int maxSize,
            @DefaultValue("16384") int queueCapacity,
            @DefaultValue("60s") Duration keepAlive) {}

    /**
     * What peers are told of failures.
     *
     * @param includeMessage When the message of an unexpected exception is sent to the peer.
     */
    public record Error(@DefaultValue("never") IncludeMessage includeMessage) {}

    /** When the message of an unexpected exception is sent to the peer. */
    public enum IncludeMessage {
        /** The peer gets a fixed text. */
        NEVER,
        /** The peer gets the exception's own message. */
        ALWAYS
    }

    /**
     * One socket. What is null is not set.
     *
     * @param enabled Whether the socket is listened on.
     * @param address Address to listen on, for example unix:///run/app/app.sock or tcp://127.0.0.1:0.
     * @param message Messages of a call.
     * @param metadata Metadata of a call.
     * @param calls Calls of a connection.
     * @param connections Connections of the socket.
     * @param flow Memory of a connection.
     * @param strictStreamIds Whether the ids of a connection's calls must rise. Some clients send them out of order.
     * @param peer Who may connect.
     * @param tcp Settings of TCP sockets.
     * @param unix Settings of unix sockets.
     */
    public record Socket(
            @Nullable Boolean enabled,
            @Nullable String address,
            @DefaultValue Message message,
            @DefaultValue Metadata metadata,
            @DefaultValue Calls calls,
            @DefaultValue Connections connections,
            @DefaultValue Flow flow,
            @Nullable Boolean strictStreamIds,
            @DefaultValue Peer peer,
            @DefaultValue Tcp tcp,
            @DefaultValue Unix unix) {

        /** Nothing set. */
        static final Socket UNSET = new Socket(
                null,
                null,
                new Message(null),
                new Metadata(null),
                new Calls(null, null),
                new Connections(null),
                new Flow(null, null, null),
                null,
                new Peer(null, null, null),
                Tcp.UNSET,
                Unix.UNSET);

        /** What holds where nothing is configured: the one place where these values stand. */
        static final Socket DEFAULTS = new Socket(
                true,
                null,
                new Message(DataSize.ofMegabytes(4)),
                new Metadata(DataSize.ofKilobytes(64)),
                new Calls(4096, null),
                new Connections(10_000),
                new Flow(DataSize.ofMegabytes(16), Duration.ofSeconds(1), DataSize.ofMegabytes(1)),
                false,
                new Peer(PeerRequirement.ANY, List.of(), List.of()),
                new Tcp(128, true, true),
                new Unix("rw-------", null, null, ListenOptions.Existing.REPLACE_STALE, false, true));

        /** This socket with what it does not set taken from {@code defaults}. */
        Socket over(Socket defaults) {
            return new Socket(
                    first(enabled, defaults.enabled),
                    first(address, defaults.address),
                    new Message(first(message.maxSize, defaults.message.maxSize)),
                    new Metadata(first(metadata.maxSize, defaults.metadata.maxSize)),
                    calls.over(defaults.calls),
                    new Connections(first(connections.max, defaults.connections.max)),
                    flow.over(defaults.flow),
                    first(strictStreamIds, defaults.strictStreamIds),
                    peer.over(defaults.peer),
                    tcp.over(defaults.tcp),
                    unix.over(defaults.unix));
        }
    }

    /**
     * Messages of a call.
     *
     * @param maxSize Largest message either way, 4KB to one byte less than 16MB. Other implementations refuse more than 4MB.
     */
    public record Message(@Nullable DataSize maxSize) {}

    /**
     * Metadata of a call.
     *
     * @param maxSize Largest metadata of a call, as they stand in its request.
     */
    public record Metadata(@Nullable DataSize maxSize) {}

    /**
     * Calls of a connection.
     *
     * @param maxConcurrent How many calls of one connection may run at once.
     * @param maxDuration Longest time a call may take, whatever its client asks for.
     */
    public record Calls(
            @Nullable Integer maxConcurrent, @Nullable Duration maxDuration) {
        Calls over(Calls defaults) {
            return new Calls(first(maxConcurrent, defaults.maxConcurrent), first(maxDuration, defaults.maxDuration));
        }
    }

    /**
     * Connections of the socket.
     *
     * @param max How many connections may be open at once. A further one is closed as it comes.
     */
    public record Connections(@Nullable Integer max) {}

    /**
     * Memory of a connection.
     *
     * @param receiveBudget What a connection may hold received and not yet taken, at least twice the largest message.
     * @param stallTimeout How long a full receive budget is borne before the stream that holds most fails.
     * @param writeHighWaterMark What a connection may hold encoded and not yet written.
     */
    public record Flow(
            @Nullable DataSize receiveBudget,
            @Nullable Duration stallTimeout,
            @Nullable DataSize writeHighWaterMark) {
        Flow over(Flow defaults) {
            return new Flow(
                    first(receiveBudget, defaults.receiveBudget),
                    first(stallTimeout, defaults.stallTimeout),
                    first(writeHighWaterMark, defaults.writeHighWaterMark));
        }
    }

    /**
     * Who may connect. The lists add to what is required; with any of them set, everybody else is refused.
     *
     * @param require Which user a peer must be.
     * @param uids Numbers of users that may connect.
     * @param gids Numbers of groups whose members may connect.
     */
    public record Peer(
            @Nullable PeerRequirement require,
            @Nullable List<Long> uids,
            @Nullable List<Long> gids) {
        Peer over(Peer defaults) {
            return new Peer(first(require, defaults.require), first(uids, defaults.uids), first(gids, defaults.gids));
        }
    }

    /** Which user a peer must be. */
    public enum PeerRequirement {
        /** Anybody who can reach the socket. */
        ANY,
        /** The user that runs this application. */
        SAME_USER,
        /** The user number 0. */
        ROOT
    }

    /**
     * Settings of TCP sockets.
     *
     * @param backlog How many connections may wait to be accepted.
     * @param noDelay Whether small frames are sent at once.
     * @param keepAlive Whether the system probes idle connections.
     */
    public record Tcp(
            @Nullable Integer backlog,
            @Nullable Boolean noDelay,
            @Nullable Boolean keepAlive) {
        static final Tcp UNSET = new Tcp(null, null, null);

        Tcp over(Tcp defaults) {
            return new Tcp(
                    first(backlog, defaults.backlog),
                    first(noDelay, defaults.noDelay),
                    first(keepAlive, defaults.keepAlive));
        }
    }

    /**
     * Settings of unix sockets.
     *
     * @param permissions Permissions of the socket's file, as rw-rw---- or quoted as "0660".
     * @param owner Name or number of the user that owns the socket's file.
     * @param group Name or number of the group that owns the socket's file.
     * @param existing What to do when there is a socket at the path. A live server's socket is never taken.
     * @param createDirectories Whether missing directories above the socket are made.
     * @param deleteOnClose Whether the socket's file is removed when listening ends.
     */
    public record Unix(
            @Nullable String permissions,
            @Nullable String owner,
            @Nullable String group,
            ListenOptions.@Nullable Existing existing,
            @Nullable Boolean createDirectories,
            @Nullable Boolean deleteOnClose) {
        static final Unix UNSET = new Unix(null, null, null, null, null, null);

        Unix over(Unix defaults) {
            return new Unix(
                    first(permissions, defaults.permissions),
                    first(owner, defaults.owner),
                    first(group, defaults.group),
                    first(existing, defaults.existing),
                    first(createDirectories, defaults.createDirectories),
                    first(deleteOnClose, defaults.deleteOnClose));
        }
    }
}
