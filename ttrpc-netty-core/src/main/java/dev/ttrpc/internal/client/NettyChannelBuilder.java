package dev.ttrpc.internal.client;

import dev.ttrpc.Metadata;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.client.ReconnectPolicy;
import dev.ttrpc.client.RetryPolicy;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.transport.TransportResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects what a channel is to be. */
public final class NettyChannelBuilder implements TtrpcChannel.Builder {
    /** Beyond this it is the same as for ever, and nanoseconds still count it. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private @Nullable TtrpcAddress address;
    private @Nullable Duration deadline;
    private Metadata metadata = Metadata.EMPTY;
    private final List<ClientInterceptor> interceptors = new ArrayList<>();
    private @Nullable Executor callbackExecutor;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private boolean waitForReady;
    private ReconnectPolicy reconnect = ReconnectPolicy.DEFAULT;
    private RetryPolicy retry = RetryPolicy.NONE;
    private int maxMessage = Wire.DEFAULT_MAX_MESSAGE;
    private long receiveBudget = 16 << 20;
    private long sendBudget = 1 << 20;
    private Duration stallTimeout = Duration.ofSeconds(1);
    private int firstStreamId = 1;
    private @Nullable TransportResources resources;

    @Override
    public TtrpcChannel.Builder address(String address) {
        return address(TtrpcAddress.parse(address));
    }

    @Override
    public TtrpcChannel.Builder address(TtrpcAddress address) {
        this.address = Objects.requireNonNull(address, "address");
        return this;
    }

    @Override
    public TtrpcChannel.Builder deadline(Duration deadline) {
        this.deadline = positive(deadline, "deadline");
        return this;
    }

    @Override
    public TtrpcChannel.Builder metadata(Metadata metadata) {
        this.metadata = Objects.requireNonNull(metadata, "metadata");
        return this;
    }

    @Override
    public TtrpcChannel.Builder intercept(ClientInterceptor... added) {
        interceptors.addAll(List.of(added));
        return this;
    }

    @Override
    public TtrpcChannel.Builder callbackExecutor(Executor executor) {
        callbackExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    @Override
    public TtrpcChannel.Builder connectTimeout(Duration timeout) {
        connectTimeout = positive(timeout, "connect time-out");
        return this;
    }

    @Override
    public TtrpcChannel.Builder waitForReady(boolean waitForReady) {
        this.waitForReady = waitForReady;
        return this;
    }

    @Override
    public TtrpcChannel.Builder reconnect(ReconnectPolicy policy) {
        reconnect = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public TtrpcChannel.Builder retry(RetryPolicy policy) {
        retry = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public TtrpcChannel.Builder maxMessageSize(int bytes) {
        maxMessage = Wire.checkMaxMessage(bytes);
        return this;
    }

    @Override
    public TtrpcChannel.Builder receiveBudget(long bytes) {
        receiveBudget = bytes;
        return this;
    }

    @Override
    public TtrpcChannel.Builder sendBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the send budget must be positive: " + bytes);
        }
        sendBudget = bytes;
        return this;
    }

    @Override
    public TtrpcChannel.Builder stallTimeout(Duration timeout) {
        stallTimeout = positive(timeout, "stall time-out");
        return this;
    }

    @Override
    public TtrpcChannel.Builder resources(TransportResources resources) {
        this.resources = Objects.requireNonNull(resources, "resources");
        return this;
    }

    /** The id of a connection's first call, so that a test reaches the last one. */
    NettyChannelBuilder firstStreamId(int id) {
        firstStreamId = id;
        return this;
    }

    @Override
    public TtrpcChannel build() {
        if (address == null) {
            throw new IllegalArgumentException("the channel has no address");
        }
        if (receiveBudget < 2L * maxMessage) {
            throw new IllegalArgumentException("the receive budget of " + receiveBudget
                    + " bytes must be at least twice the maximum message size of " + maxMessage);
        }
        ClientConfig config = new ClientConfig(
                address,
                deadline,
                metadata,
                callbackExecutor,
                connectTimeout,
                waitForReady,
                reconnect,
                retry,
                maxMessage,
                receiveBudget,
                sendBudget,
                stallTimeout,
                firstStreamId);
        return new NettyChannel(
                config, List.copyOf(interceptors), resources == null ? TransportResources.shared() : resources);
    }

    private static Duration positive(Duration duration, String what) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the " + what + " must be positive: " + duration);
        }
        return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    }
}
