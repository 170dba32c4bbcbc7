package dev.ttrpc.internal.server;

import dev.ttrpc.Peer;
import dev.ttrpc.Status;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.ConnectionEvents;
import dev.ttrpc.internal.connection.FrameReader;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.server.ServerCounters.Event;
import dev.ttrpc.internal.stream.ReceiveBudget;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.stream.SharedReceiveBudget;
import dev.ttrpc.internal.transport.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a server, from its first byte to its end, and what each frame means to its streams (the table of inputs in the documentation). Everything but the
 * queue, the budgets and {@link #isDraining} belongs to the connection's event loop.
 */
final class ServerConnection implements ConnectionEvents {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private final NettyServer server;
    private final Channel channel;
    private final LoopQueue queue;
    private final StreamRegistry streams;
    private final HandlerLanes lanes;
    private final ServerOutput output;
    private final FrameReader reader;
    private final ServerInput input;
    private final RequestAdmission admission;
    private final DrainListeners drainListeners = new DrainListeners();
    private boolean closing;
    private boolean arrivedIsRead; // of a connection that drains
    private boolean draining;
    private volatile Peer peer = new Peer("", null, null); // set once when the connection becomes active

    /** @param methods what is served on it */
    ServerConnection(NettyServer server, Channel channel, MethodTable methods) {
        this.server = server;
        this.channel = channel;
        this.queue = new LoopQueue(channel.eventLoop(), this::flush);
        this.streams = new StreamRegistry(server);
        this.lanes = new HandlerLanes(methods.executors(), queue);
        this.output = new ServerOutput(this, channel);
        this.reader = new FrameReader(config().maxMessage(), this);
        this.input = new ServerInput(this, reader);
        this.admission = new RequestAdmission(this, methods);
    }

    /** Puts this connection at the end of its channel's pipeline, before the channel is active. */
    void install() {
        channel.pipeline().addLast("ttrpc", reader);
    }

    // Frames

    @Override
    public void onActive() {
        peer = Transports.peer(channel);
        if (!server.admit(this)) {
            close();
        } else if (server.isDraining()) {
            drain();
        }
    }

    @Override
    public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
        if (closing) {
            return;
        }
        if ((streamId & 1) == 0) {
            refuseParity(streamId);
        } else if (type == Wire.REQUEST) {
            admission.onRequest(streamId, flags, buffer, index, length);
            input.pauseIfOverBudget();
        } else if (type == Wire.DATA) {
            ServerStream<?, ?> stream = streams.find(streamId);
            if (stream != null) {
                stream.onData(flags, buffer, index, length);
                input.pauseIfOverBudget();
            } else {
                onDataWithoutCall(streamId);
            }
        } else {
            dropped("a frame of type " + type, streamId);
        }
    }

    @Override
    public void onOversizedFrame(int streamId, int type, int flags, int length) {
        if (closing) {
            return;
        }
        ServerStream<?, ?> stream = streams.find(streamId);
        Status tooLarge = Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(length, config().maxMessage()));
        if ((streamId & 1) == 0) {
            refuseParity(streamId);
        } else if (type != Wire.REQUEST && type != Wire.DATA) {
            dropped("a frame of type " + type, streamId);
        } else if (stream != null) {
            stream.endWith(tooLarge, Event.FRAME_OVERSIZED);
        } else if (type == Wire.REQUEST) {
            streams.noteId(streamId);
            count(Event.FRAME_OVERSIZED);
            output.writeError(streamId, tooLarge);
        } else {
            onDataWithoutCall(streamId);
        }
    }

    @Override
    public void onBrokenLength(int length) {
        server.protocolError(peer, length);
        close();
    }

    @Override
    public void onReadComplete() {
        lanes.flush();
        flush();
        output.check();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        closing = true;
        input.close();
        Status closed = Status.CANCELLED.withDescription("connection closed").withCause(cause);
        streams.copy().forEach(stream -> stream.abandon(closed));
        lanes.close();
        output.close();
        server.closed(this);
    }

    private void onDataWithoutCall(int id) {
        if (streams.isUsed(id)) {
            dropped("Data behind the end of its call", id);
        } else {
            output.writeError(id, Status.INVALID_ARGUMENT.withDescription("StreamID is no longer active"));
        }
    }

    private void refuseParity(int id) {
        output.writeError(
                id, Status.INVALID_ARGUMENT.withDescription("StreamID must be odd for client initiated streams"));
    }

    void dropped(String what, int id) {
        log.debug("{}: dropped {} on stream {}", peer, what, Integer.toUnsignedString(id));
        count(Event.FRAME_DROPPED);
    }

    void count(Event event) {
        server.counters().count(event);
    }

    private void flush() {
        output.flush();
    }

    /** While output waits for the peer to read, nothing is read from it and none of its calls is started. */
    void onOutputWaits(boolean waits) {
        if (waits) {
            holdCalls();
        } else {
            releaseCalls();
        }
        reader.pause(FrameReader.Pause.OUTPUT_WAITS, waits);
    }

    /** No call is started, until {@link #releaseCalls}. Any thread. */
    void holdCalls() {
        lanes.pause();
    }

    /** Calls are started again. */
    void releaseCalls() {
        lanes.resume();
    }

    // Life

    /** Ends the connection when its calls have ended. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        drainListeners.tell();
        // what had arrived before is read once more, and answered in words
        queue.loop().schedule(this::finishDrain, 0, TimeUnit.NANOSECONDS);
    }

    private void finishDrain() {
        arrivedIsRead = true;
        closeIfDrained();
    }

    /** Has the listener called when a drain begins, unless the call has ended before. Any thread. */
    void onDrain(ServerStream<?, ?> stream, Runnable listener) {
        queue.offer(() -> {
            if (draining) {
                DrainListeners.tell(listener);
            } else if (stream.ended() == null) {
                drainListeners.add(stream, listener);
            }
        });
    }

    void closeIfDrained() {
        if (arrivedIsRead && !closing && streams.isEmpty() && output.isEmpty()) {
            close();
        }
    }

    /** Cancels what runs and closes. Returns how many calls that cut off. */
    int cut() {
        int cut = streams.size();
        // not the text of a drain, upon which a client sends its call again: these have run
        Status stopped = Status.UNAVAILABLE.withDescription("server was shut down");
        streams.copy().forEach(stream -> stream.endWith(stopped));
        output.writer().flush();
        close();
        return cut;
    }

    private void close() {
        closing = true;
        channel.close();
    }

    /** The call has its end. */
    void remove(ServerStream<?, ?> stream) {
        streams.remove(stream);
        drainListeners.remove(stream);
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether the server drains, from the moment on that somebody asked for it: what this connection does about it may come a little later. */
    boolean isDraining() {
        return server.isDraining();
    }

    // What its parts and streams need

    ServerConfig config() {
        return server.config();
    }

    Dispatcher dispatcher() {
        return server.dispatcher();
    }

    LoopQueue queue() {
        return queue;
    }

    StreamRegistry streams() {
        return streams;
    }

    HandlerLanes lanes() {
        return lanes;
    }

    ServerOutput output() {
        return output;
    }

    SendBudget sendBudget() {
        return output.budget();
    }

    SharedReceiveBudget sharedReceiveBudget() {
        return server.receiveBudget();
    }

    ReceiveBudget receiveBudget() {
        return input.budget();
    }

    Peer peer() {
        return peer;
    }

    String stallTimeout() {
        return Duration.ofNanos(config().stallNanos()).toMillis() + " ms";
    }
}
