package dev.ttrpc.spring.boot.autoconfigure.client;

import static dev.ttrpc.spring.boot.autoconfigure.Merge.first;
import static dev.ttrpc.spring.boot.autoconfigure.Merge.union;

import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.spring.boot.autoconfigure.EntryNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Whom the application calls.
 *
 * @param channel Channels, by name.
 * @param channelDefaults Settings of every channel that does not have its own.
 */
@ConfigurationProperties("ttrpc.client")
public record TtrpcClientProperties(
        @DefaultValue Map<String, Channel> channel,
        @DefaultValue Channel channelDefaults) {

    /** Joins the spellings of one name. */
    public TtrpcClientProperties {
        channel = EntryNames.distinct(channel);
    }

    /** A channel with what it does not set taken from {@code channel-defaults} and then from {@link Channel#DEFAULTS}. */
    Channel effective(Channel own) {
        return own.over(channelDefaults).over(Channel.DEFAULTS);
    }

    /**
     * One channel. What is null is not set.
     *
     * @param address Address to connect to, for example unix:///run/containerd/containerd.sock.ttrpc.
     * @param socket Name of a socket of this application to connect to, instead of an address.
     * @param connect When the connection is made.
     * @param connectTimeout How long one attempt to connect may take.
     * @param deadline Deadline of each call that has no earlier one, from its start.
     * @param waitForReady Whether calls wait for a connection until their deadline instead of failing with the attempt.
     * @param executor Name of the Executor bean on which futures complete and subscribers are called. They may wait there.
     * @param reconnect Waits between attempts to connect.
     * @param metadata Metadata sent with each call, before the call's own. A value is never split at commas.
     * @param interceptors Names of ClientInterceptor beans that stand around the channel's calls, within the global ones.
     * @param message Messages of a call.
     * @param flow Memory of the connection.
     * @param shutdown How the channel is closed.
     */
    public record Channel(
            @Nullable String address,
            @Nullable String socket,
            @Nullable Connect connect,
            @Nullable Duration connectTimeout,
            @Nullable Duration deadline,
            @Nullable Boolean waitForReady,
            @Nullable String executor,
            @DefaultValue Reconnect reconnect,
            @DefaultValue Map<String, List<MetadataValue>> metadata,
            @Nullable List<String> interceptors,
            @DefaultValue Message message,
            @DefaultValue Flow flow,
            @DefaultValue Shutdown shutdown) {

        /** Nothing set. */
        static final Channel UNSET = new Channel(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new Reconnect(null, null, null, null),
                Map.of(),
                null,
                new Message(null),
                new Flow(null, null, null),
                new Shutdown(null));

        /** What holds where nothing is configured: the one place where these values stand. */
        static final Channel DEFAULTS = new Channel(
                null,
                null,
                Connect.LAZY,
                Duration.ofSeconds(5),
                null,
                false,
                null,
                new Reconnect(Duration.ofMillis(100), 2.0, Duration.ofSeconds(10), 0.2),
                Map.of(),
                List.of(),
                new Message(DataSize.ofMegabytes(4)),
                new Flow(DataSize.ofMegabytes(16), Duration.ofSeconds(1), DataSize.ofMegabytes(1)),
                new Shutdown(Duration.ofSeconds(5)));

        /** Copies the collections. */
        public Channel {
            metadata = Map.copyOf(metadata);
            interceptors = interceptors == null ? null : List.copyOf(interceptors);
        }

        /** This channel with what it does not set taken from {@code defaults}. */
        Channel over(Channel defaults) {
            return new Channel(
                    first(address, defaults.address),
                    first(socket, defaults.socket),
                    first(connect, defaults.connect),
                    first(connectTimeout, defaults.connectTimeout),
                    first(deadline, defaults.deadline),
                    first(waitForReady, defaults.waitForReady),
                    first(executor, defaults.executor),
                    reconnect.over(defaults.reconnect),
                    union(metadata, defaults.metadata),
                    first(interceptors, defaults.interceptors),
                    new Message(first(message.maxSize, defaults.message.maxSize)),
                    flow.over(defaults.flow),
                    new Shutdown(first(shutdown.gracePeriod, defaults.shutdown.gracePeriod)));
        }
    }

    /** When the connection is made. */
    public enum Connect {
        /** With the first call. */
        LAZY,
        /** When the application starts, which goes on whether or not it succeeds. */
        EAGER,
        /** When the application starts, which fails if it does not succeed. */
        REQUIRED
    }

    /**
     * Waits between attempts to connect.
     *
     * @param initialDelay The wait after the first failure.
     * @param multiplier What each further failure multiplies the wait by, at least 1.
     * @param maxDelay The longest wait.
     * @param jitter Share of the wait by which chance shortens or lengthens it, 0 to 1.
     */
    public record Reconnect(
            @Nullable Duration initialDelay,
            @Nullable Double multiplier,
            @Nullable Duration maxDelay,
            @Nullable Double jitter) {
        Reconnect over(Reconnect defaults) {
            return new Reconnect(
                    first(initialDelay, defaults.initialDelay),
                    first(multiplier, defaults.multiplier),
                    first(maxDelay, defaults.maxDelay),
                    first(jitter, defaults.jitter));
        }

        /** The policy of it, with the core's own values where nothing is set. */
        ReconnectPolicy policy() {
            ReconnectPolicy core = ReconnectPolicy.DEFAULT;
            return new ReconnectPolicy(
                    initialDelay == null ? core.initialDelay() : initialDelay,
                    multiplier == null ? core.multiplier() : multiplier,
                    maxDelay == null ? core.maxDelay() : maxDelay,
                    jitter == null ? core.jitter() : jitter);
        }
    }

    /**
     * Messages of a call.
     *
     * @param maxSize Largest message either way, 4KB to one byte less than 16MB. Other implementations refuse more than 4MB.
     */
    public record Message(@Nullable DataSize maxSize) {}

    /**
     * Memory of the connection.
     *
     * @param receiveBudget What the connection may hold received and not yet taken, at least twice the largest message.
     * @param stallTimeout How long a full receive budget is borne before the stream that holds most fails.
     * @param writeHighWaterMark What the connection may hold encoded and not yet written.
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
     * How the channel is closed.
     *
     * @param gracePeriod How long running calls may go on when the application stops.
     */
    public record Shutdown(@Nullable Duration gracePeriod) {}
}
