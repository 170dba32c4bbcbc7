package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.ClientStatistics;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channel that clients hold: opens the real one with its first use, and another one after {@link #release}, so that clients outlive a stop of the
 * application context, and the address of a socket of the same application is asked for when there is one.
 *
 * <p>Opening takes a lock and does not connect.
 */
final class ReopenableChannel implements TtrpcChannel {
    private final Supplier<TtrpcChannel> opener;
    private final TtrpcAddress configured;
    private final List<Consumer<? super ChannelState>> listeners = new CopyOnWriteArrayList<>();

    /** Written under the lock, read by every caller's thread. */
    private volatile @Nullable TtrpcChannel current;

    private boolean closed;

    /** What happened on channels before the current one. */
    private ClientStatistics released = ClientStatistics.NONE;

    /**
     * A channel that is not open yet.
     *
     * @param configured what {@link #address} says while it is not
     */
    ReopenableChannel(TtrpcAddress configured, Supplier<TtrpcChannel> opener) {
        this.configured = configured;
        this.opener = opener;
    }

    /** Closes the real channel when its running calls have ended, at the latest after {@code grace}. The next use opens another one. */
    synchronized CompletableFuture<Void> release(Duration grace) {
        TtrpcChannel channel = current;
        if (closed || channel == null) {
            return CompletableFuture.completedFuture(null);
        }
        current = null;
        released = released.plus(channel.statistics());
        return channel.shutdown(grace).whenComplete((done, failure) -> channel.close());
    }

    private TtrpcChannel open() {
        TtrpcChannel channel = current;
        return channel != null ? channel : openNow();
    }

    /** Opens the real channel unless it is open, to have mistakes in its settings known. */
    synchronized TtrpcChannel openNow() {
        TtrpcChannel channel = current;
        if (channel == null) {
            channel = opener.get();
            listeners.forEach(channel::onStateChange);
            current = channel;
            if (closed) {
                channel.close();
            }
        }
        return channel;
    }

    @Override
    public <Q, P> P unary(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return open().unary(method, request, options);
    }

    @Override
    public <Q, P> MessageReader<P> serverStreaming(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return open().serverStreaming(method, request, options);
    }

    @Override
    public <Q, P> UploadCall<Q, P> clientStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        return open().clientStreaming(method, options);
    }

    @Override
    public <Q, P> DuplexCall<Q, P> bidiStreaming(MethodDescriptor<Q, P> method, CallOptions options) {
        return open().bidiStreaming(method, options);
    }

    @Override
    public <Q, P> CompletableFuture<P> unaryAsync(MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return future(channel -> channel.unaryAsync(method, request, options));
    }

    @Override
    public <Q, P> Flow.Publisher<P> serverStreamingAsync(
            MethodDescriptor<Q, P> method, Q request, CallOptions options) {
        return publisher(channel -> channel.serverStreamingAsync(method, request, options));
    }

    @Override
    public <Q, P> CompletableFuture<P> clientStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        return future(channel -> channel.clientStreamingAsync(method, requests, options));
    }

    @Override
    public <Q, P> Flow.Publisher<P> bidiStreamingAsync(
            MethodDescriptor<Q, P> method, Flow.Publisher<Q> requests, CallOptions options) {
        return publisher(channel -> channel.bidiStreamingAsync(method, requests, options));
    }

    @Override
    public TtrpcAddress address() {
        TtrpcChannel channel = current;
        return channel == null ? configured : channel.address();
    }

    @Override
    public synchronized ChannelState state() {
        TtrpcChannel channel = current;
        if (channel != null) {
            return channel.state();
        }
        return closed ? ChannelState.SHUTDOWN : ChannelState.IDLE;
    }

    @Override
    public synchronized void onStateChange(Consumer<? super ChannelState> listener) {
        listeners.add(listener);
        TtrpcChannel channel = current;
        if (channel != null) {
            channel.onStateChange(listener);
        }
    }

    @Override
    public CompletableFuture<Void> connect() {
        return future(TtrpcChannel::connect);
    }

    @Override
    public int liveCalls() {
        TtrpcChannel channel = current;
        return channel == null ? 0 : channel.liveCalls();
    }

    @Override
    public synchronized ClientStatistics statistics() {
        TtrpcChannel channel = current;
        return channel == null ? released : released.plus(channel.statistics());
    }

    @Override
    public synchronized CompletableFuture<Void> shutdown(Duration grace) {
        closed = true;
        TtrpcChannel channel = current;
        return channel == null ? CompletableFuture.completedFuture(null) : channel.shutdown(grace);
    }

    @Override
    public void close() {
        TtrpcChannel channel;
        synchronized (this) {
            closed = true;
            channel = current;
        }
        if (channel != null) {
            channel.close();
        }
    }

    private <T> CompletableFuture<T> future(Function<TtrpcChannel, CompletableFuture<T>> call) {
        try {
            return call.apply(open());
        } catch (TtrpcException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Opens for each subscription, because each is a call of its own. */
    private <T> Flow.Publisher<T> publisher(Function<TtrpcChannel, Flow.Publisher<T>> call) {
        return subscriber -> {
            Flow.Publisher<T> publisher;
            try {
                publisher = call.apply(open());
            } catch (TtrpcException e) {
                subscriber.onSubscribe(NothingToRequest.INSTANCE);
                subscriber.onError(e);
                return;
            }
            publisher.subscribe(subscriber);
        };
    }

    /** The subscription of a call that was never made. */
    private enum NothingToRequest implements Flow.Subscription {
        INSTANCE;

        @Override
        public void request(long n) {
            // the subscriber gets onError whatever it asks for
        }

        @Override
        public void cancel() {
            // there is nothing to cancel
        }
    }
}
