package dev.ttrpc.internal.client;

import dev.ttrpc.client.ChannelState;
import dev.ttrpc.internal.logging.FailureLog;
import dev.ttrpc.internal.transport.Cancellable;
import dev.ttrpc.internal.transport.ConnectCallback;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a channel has a connection when a call needs one. Belongs to the channel's event loop, but for {@link #state} and {@link #onStateChange}.
 *
 * <pre>
 *   IDLE ──call──▶ CONNECTING ──▶ READY ──lost──▶ IDLE
 *                     │  ▲
 *               failed│  │back-off over, and somebody waits (else ──▶ IDLE)
 *                     ▼  │
 *              TRANSIENT_FAILURE            any ──close──▶ SHUTDOWN
 * </pre>
 */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final NettyChannel owner;
    private final Set<ClientStream<?, ?>> pending = new LinkedHashSet<>(); // for a connection
    private final Set<ClientStream<?, ?>> kept = new HashSet<>(); // until the time of their next attempt
    private final List<Consumer<@Nullable Throwable>> waiters = new ArrayList<>();
    private final List<Consumer<? super ChannelState>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<ChannelState> untold = new ArrayDeque<>();
    private final List<ClientConnection> connections = new ArrayList<>();
    private @Nullable ClientConnection current;
    private @Nullable Cancellable attempt;
    private @Nullable ScheduledFuture<?> backoff;
    private @Nullable ScheduledFuture<?> loopEnd; // never due, but cancelled when the event loop ends
    private int failures;
    private @Nullable Throwable lastFailure;
    private boolean telling;
    private volatile ChannelState state = ChannelState.IDLE; // written by the event loop, read by any thread

    Connector(NettyChannel owner) {
        this.owner = owner;
    }

    ChannelState state() {
        return state;
    }

    void onStateChange(Consumer<? super ChannelState> listener) {
        listeners.add(listener);
    }

    /** Begins the call now, or when there is a connection. */
    void open(ClientStream<?, ?> stream) {
        ClientConnection connection = current;
        if (connection != null && connection.isUsable()) {
            if (stream.hasOutput()) {
                connection.open(stream);
            } else {
                stream.reserveAgain();
            }
            return;
        }
        switch (state) {
            case SHUTDOWN ->
                stream.end(CallEnd.lost("the channel to " + owner.address() + " is closed", true, null), true);
            case TRANSIENT_FAILURE -> {
                if (stream.waitsForReady() || stream.isRetry()) {
                    pending.add(stream);
                    stream.giveOutputBack();
                } else {
                    stream.end(notConnected(lastFailure), true);
                }
            }
            case CONNECTING -> pending.add(stream);
            case IDLE, READY -> {
                pending.add(stream);
                connect();
            }
        }
    }

    /** Tells when there is a connection: null, or why not. */
    void whenReady(Consumer<@Nullable Throwable> waiter) {
        if (current != null && current.isUsable()) {
            waiter.accept(null);
        } else if (state == ChannelState.SHUTDOWN) {
            waiter.accept(CallEnd.lost("the channel to " + owner.address() + " is closed", true, null)
                    .exception());
        } else if (state == ChannelState.TRANSIENT_FAILURE) {
            waiter.accept(notConnected(lastFailure).exception());
        } else {
            waiters.add(waiter);
            if (state != ChannelState.CONNECTING) {
                connect();
            }
        }
    }

    /** An event loop that ends closes its connections, and nothing else that waits on it. */
    private void closeWithLoop() {
        if (loopEnd == null) {
            loopEnd = owner.queue().loop().schedule(() -> {}, NEVER, TimeUnit.NANOSECONDS);
            loopEnd.addListener(ended -> close());
        }
    }

    private void connect() {
        closeWithLoop();
        become(ChannelState.CONNECTING);
        ClientConnection[] made = new ClientConnection[1];
        attempt = owner.transports()
                .connect(
                        owner.address(),
                        owner.queue().loop(),
                        owner.config().connectTimeout().toNanos(),
                        channel -> {
                            ClientConnection connection = new ClientConnection(owner, channel);
                            connection.install();
                            made[0] = connection;
                        },
                        new ConnectCallback() {
                            @Override
                            public void connected(Channel channel) {
                                owner.queue().execute(() -> Connector.this.connected(made[0]));
                            }

                            @Override
                            public void failed(Throwable cause) {
                                owner.queue().execute(() -> Connector.this.failed(cause));
                            }
                        });
    }

    private void connected(ClientConnection connection) {
        attempt = null;
        if (state == ChannelState.SHUTDOWN) {
            connection.close();
            return;
        }
        if (!connection.isUsable()) {
            failed(new java.io.IOException("the connection to " + owner.address() + " was closed at once"));
            return;
        }
        owner.counters().connectionsMade.incrementAndGet();
        failures = 0;
        current = connection;
        connections.add(connection);
        become(ChannelState.READY);
        tellWaiters(null);
        for (ClientStream<?, ?> stream : List.copyOf(pending)) {
            if (state != ChannelState.READY) {
                break; // the one before took the last id, or the channel was closed
            }
            if (pending.remove(stream)) {
                open(stream);
            }
        }
        if (state == ChannelState.IDLE && !pending.isEmpty()) {
            connect();
        }
    }

    private void failed(Throwable cause) {
        attempt = null;
        if (state == ChannelState.SHUTDOWN) {
            return;
        }
        owner.counters().connectionAttemptsFailed.incrementAndGet();
        failures++;
        lastFailure = cause;
        log.debug("No connection to {}, attempt {}: {}", owner.address(), failures, cause.toString());
        become(ChannelState.TRANSIENT_FAILURE);
        CallEnd end = notConnected(cause);
        for (ClientStream<?, ?> stream : List.copyOf(pending)) {
            if (!stream.waitsForReady() && pending.remove(stream)) {
                stream.attemptFailed(end);
            }
        }
        List.copyOf(pending).forEach(ClientStream::giveOutputBack);
        tellWaiters(end.exception());
        long delay = owner.config()
                .reconnect()
                .delayNanos(failures, ThreadLocalRandom.current().nextDouble());
        backoff = owner.queue().loop().schedule(this::backoffOver, delay, TimeUnit.NANOSECONDS);
    }

    private void backoffOver() {
        backoff = null;
        if (state == ChannelState.TRANSIENT_FAILURE) {
            if (pending.isEmpty()) {
                become(ChannelState.IDLE);
            } else {
                connect();
            }
        }
    }

    private CallEnd notConnected(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        String text = message == null ? "cannot connect to " + owner.address() : message;
        return CallEnd.lost(
                text.contains(owner.address().toString()) ? text : owner.address() + ": " + text, true, cause);
    }

    /** A connection takes no more calls: the next one needs another. */
    void retired(ClientConnection connection) {
        if (current == connection) {
            current = null;
            if (state == ChannelState.READY) {
                become(ChannelState.IDLE);
            }
        }
    }

    /** A connection is gone. */
    void closed(ClientConnection connection) {
        connections.remove(connection);
        if (connections.isEmpty()) {
            owner.disconnected();
        }
        retired(connection);
    }

    /** Knows a call until its next attempt, so that a close ends it. */
    void keep(ClientStream<?, ?> stream) {
        kept.add(stream);
    }

    /** Forgets a call that waits no more. */
    void letGo(ClientStream<?, ?> stream) {
        pending.remove(stream);
        kept.remove(stream);
    }

    void flush() {
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).flush();
        }
    }

    /** Stops reading. Returns whether there is a connection to read from. */
    boolean pauseReading() {
        List.copyOf(connections).forEach(ClientConnection::pauseReading);
        return !connections.isEmpty();
    }

    void resumeReading() {
        List.copyOf(connections).forEach(ClientConnection::resumeReading);
    }

    /** Ends all connections, and with them what runs on them. */
    void close() {
        if (state == ChannelState.SHUTDOWN) {
            return;
        }
        become(ChannelState.SHUTDOWN);
        if (attempt != null) {
            attempt.cancel();
        }
        if (backoff != null) {
            backoff.cancel(false);
        }
        if (loopEnd != null) {
            loopEnd.cancel(false);
        }
        CallEnd end = CallEnd.lost("the channel to " + owner.address() + " was closed", true, null);
        List.copyOf(pending).forEach(stream -> stream.end(end, true));
        List.copyOf(kept).forEach(stream -> stream.end(end, true));
        tellWaiters(end.exception());
        CallEnd cutOff = CallEnd.lost("the channel to " + owner.address() + " was closed", false, null);
        List.copyOf(connections).forEach(connection -> connection.abort(cutOff));
    }

    boolean isClosed() {
        return state == ChannelState.SHUTDOWN && connections.isEmpty();
    }

    private void tellWaiters(@Nullable Throwable failure) {
        List<Consumer<@Nullable Throwable>> told = List.copyOf(waiters);
        waiters.clear();
        told.forEach(waiter -> waiter.accept(failure));
    }

    private void become(ChannelState next) {
        if (state == next) {
            return;
        }
        state = next;
        untold.add(next);
        if (telling) {
            return; // a listener has caused it, and the others are to hear of this one first
        }
        telling = true;
        for (ChannelState told = untold.poll(); told != null; told = untold.poll()) {
            tell(told);
        }
        telling = false;
    }

    private void tell(ChannelState next) {
        for (Consumer<? super ChannelState> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException | Error e) {
                FailureLog.error(log, "A listener of the channel to " + owner.address() + " failed", e);
            }
        }
    }
}
