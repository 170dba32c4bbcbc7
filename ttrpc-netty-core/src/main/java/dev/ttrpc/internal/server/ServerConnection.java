package dev.ttrpc.internal.server;

import dev.ttrpc.Deadline;
import dev.ttrpc.Peer;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.FrameEncoder;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.RequestEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.ConnectionEvents;
import dev.ttrpc.internal.connection.FrameReader;
import dev.ttrpc.internal.connection.FrameWriter;
import dev.ttrpc.internal.connection.LoopQueue;
import dev.ttrpc.internal.connection.Parsing;
import dev.ttrpc.internal.connection.StallWatch;
import dev.ttrpc.internal.executor.HandlerExecutor;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.ReceiveBudget;
import dev.ttrpc.internal.stream.SendBudget;
import dev.ttrpc.internal.transport.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a server: which streams live on it, and what each frame means to them (the table of inputs in the documentation). Everything but the queue, the
 * budgets and {@link #isDraining} belongs to the connection's event loop.
 */
final class ServerConnection implements ConnectionEvents {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private static final String OVERLOADED = "server is overloaded";
    private static final long SIGNAL_RETRY_MILLIS = 10;

    private final NettyServer server;
    private final Channel channel;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final LoopQueue queue;
    private final SendBudget sendBudget;
    private final ReceiveBudget receiveBudget;
    private final StallWatch stallWatch;
    private final RequestEnvelope envelope;
    private final HandlerExecutor.@Nullable Lane[] lanes;
    private final IntObjectMap<ServerStream<?, ?>> live = new IntObjectHashMap<>();
    private final Map<ServerStream<?, ?>, List<Runnable>> drainListeners = new IdentityHashMap<>();
    private int highestId;
    private boolean outputWaits;
    private boolean closing;
    private volatile boolean draining; // set on the event loop, read by handlers
    private volatile Peer peer = new Peer("", null, null); // set once when the connection becomes active

    ServerConnection(NettyServer server, Channel channel) {
        this.server = server;
        this.channel = channel;
        ServerConfig config = server.config();
        this.queue = new LoopQueue(channel.eventLoop(), this::flush);
        this.sendBudget = new SendBudget(config.sendBudget(), waiting -> queue.offer(this::checkOutput));
        this.receiveBudget = new ReceiveBudget(config.receiveBudget(), () -> queue.offer(this::resumeReading));
        this.writer = new FrameWriter(channel, sendBudget, this::written);
        this.reader = new FrameReader(config.maxMessage(), this);
        this.stallWatch = new StallWatch(channel.eventLoop(), receiveBudget, config.stallNanos(), this::failWaiting);
        this.envelope = new RequestEnvelope(config.maxMetadata());
        this.lanes = new HandlerExecutor.@Nullable Lane[server.executors().size()];
    }

    /** Puts this connection at the end of its channel's pipeline, before the channel is active. */
    void install() {
        channel.pipeline().addLast("ttrpc", reader);
    }

    // Events

    @Override
    public void onActive() {
        peer = Transports.peer(channel);
        if (!server.admit(this)) {
            closing = true;
            channel.close();
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
            onRequest(streamId, flags, buffer, index, length);
        } else if (type == Wire.DATA) {
            ServerStream<?, ?> stream = live.get(streamId);
            if (stream != null) {
                stream.onData(flags, buffer, index, length);
                pauseIfOverBudget();
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
        ServerStream<?, ?> stream = live.get(streamId);
        Status tooLarge = Status.RESOURCE_EXHAUSTED.withDescription(Wire.oversized(length, config().maxMessage()));
        if ((streamId & 1) == 0) {
            refuseParity(streamId);
        } else if (type != Wire.REQUEST && type != Wire.DATA) {
            dropped("a frame of type " + type, streamId);
        } else if (stream != null) {
            stream.endWith(tooLarge);
        } else if (type == Wire.REQUEST) {
            noteId(streamId);
            writeError(streamId, tooLarge);
        } else {
            onDataWithoutCall(streamId);
        }
    }

    @Override
    public void onBrokenLength(int length) {
        log.warn(
                "{}: closing the connection: a frame begins with length 0x{}, whose first byte must be 0",
                peer,
                Integer.toHexString(length));
        closing = true;
        channel.close();
    }

    @Override
    public void onReadComplete() {
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null) {
                lane.flush();
            }
        }
        flush();
        checkOutput();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        closing = true;
        stallWatch.stop();
        abandonAll(Status.CANCELLED.withDescription("connection closed").withCause(cause));
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null) {
                lane.close();
            }
        }
        writer.close();
        server.closed(this);
    }

    // Requests

    private void onRequest(int id, int flags, ByteBuf buffer, int index, int length) {
        ServerStream<?, ?> same = live.get(id);
        if (same != null || config().strictStreamIds() && isUsed(id)) {
            Status reused = Status.INVALID_ARGUMENT.withDescription("StreamID cannot be re-used and must increment");
            if (same != null) {
                same.endWith(reused);
            } else {
                writeError(id, reused);
            }
            return;
        }
        noteId(id);
        try {
            envelope.parse(buffer, index, length);
            BoundMethod<?, ?> method = server.methods().find(buffer, envelope);
            Status refusal = method == null ? unknown(buffer) : refusal();
            if (method == null || refusal != null) {
                writeError(id, refusal == null ? Status.UNIMPLEMENTED : refusal);
            } else {
                begin(id, flags, method, buffer);
            }
        } catch (MalformedException e) {
            writeError(id, Status.INVALID_ARGUMENT.withDescription("unmarshal request error: " + e.getMessage()));
        }
    }

    private Status unknown(ByteBuf buffer) throws MalformedException {
        String service = envelope.service(buffer);
        return Status.UNIMPLEMENTED.withDescription(
                server.methods().hasService(service) ? "method " + envelope.method(buffer) : "service " + service);
    }

    private @Nullable Status refusal() {
        if (draining) {
            return Status.UNAVAILABLE.withDescription(NettyServer.DRAINING);
        } else if (envelope.metadataTooLarge()) {
            return Status.RESOURCE_EXHAUSTED.withDescription("metadata too large");
        } else if (envelope.timeoutNano() < 0) {
            return ServerStream.deadlineExceeded();
        } else if (live.size() >= config().maxConcurrentCalls()) {
            return Status.RESOURCE_EXHAUSTED.withDescription("too many concurrent calls");
        }
        return null;
    }

    private <Q, P> void begin(int id, int flags, BoundMethod<Q, P> method, ByteBuf buffer) {
        ServerStream<Q, P> stream = new ServerStream<>(this, id, method, deadline(), envelope.metadata());
        live.put(id, stream);
        server.callBegan();
        stream.startTimer();
        int payload = envelope.payloadLength();
        if (method.descriptor().type().clientStreams()) {
            if (payload > 0) {
                Objects.requireNonNull(stream.input()).add(InboundMessage.of(buffer, envelope.payloadIndex(), payload));
            }
            if ((flags & Wire.REMOTE_CLOSED) != 0) {
                stream.endInput();
            }
            if (method.mayRunOnEventLoop()) {
                stream.call().run();
            } else {
                submit(stream);
            }
        } else if (method.mayRunOnEventLoop()) {
            beginWithParsed(stream, buffer, payload);
        } else {
            stream.call().await(InboundMessage.of(buffer, envelope.payloadIndex(), payload));
            submit(stream);
        }
        pauseIfOverBudget();
    }

    private <Q, P> void beginWithParsed(ServerStream<Q, P> stream, ByteBuf buffer, int payload) {
        BoundMethod<Q, P> method = stream.method();
        Q request;
        try {
            request = Parsing.parse(
                    buffer.internalNioBuffer(envelope.payloadIndex(), payload),
                    method.descriptor().requestMarshaller());
        } catch (TtrpcException e) {
            stream.endWith(e.status());
            return;
        }
        boolean here;
        try {
            here = method.runsOnEventLoop(request);
        } catch (RuntimeException | Error e) {
            stream.handlerFailed(dispatcher().statusOf(e, method));
            return;
        }
        if (here) {
            stream.call().runOnEventLoop(request);
        } else {
            stream.call().await(InboundMessage.of(buffer, envelope.payloadIndex(), payload));
            submit(stream);
        }
    }

    private void submit(ServerStream<?, ?> stream) {
        if (!lane(stream.method().executor()).submit(stream.call())) {
            stream.call().dropped();
        }
    }

    static Status overloaded() {
        return Status.RESOURCE_EXHAUSTED.withDescription(OVERLOADED);
    }

    private HandlerExecutor.Lane lane(int executor) {
        HandlerExecutor.Lane lane = lanes[executor];
        if (lane == null) {
            lane = server.executors().get(executor).newLane();
            if (outputWaits) {
                lane.pause();
            }
            lanes[executor] = lane;
        }
        return lane;
    }

    private @Nullable Deadline deadline() {
        long longest = config().maxCallNanos();
        long asked = envelope.timeoutNano();
        if (asked == 0 && longest == 0) {
            return null;
        }
        return Deadline.afterNanos(asked == 0 ? longest : longest == 0 ? asked : Math.min(asked, longest));
    }

    private void onDataWithoutCall(int id) {
        if (isUsed(id)) {
            dropped("Data behind the end of its call", id);
        } else {
            writeError(id, Status.INVALID_ARGUMENT.withDescription("StreamID is no longer active"));
        }
    }

    private void refuseParity(int id) {
        writeError(id, Status.INVALID_ARGUMENT.withDescription("StreamID must be odd for client initiated streams"));
    }

    private boolean isUsed(int id) {
        return Integer.compareUnsigned(id, highestId) <= 0;
    }

    private void noteId(int id) {
        if (!isUsed(id)) {
            highestId = id;
        }
    }

    void dropped(String what, int id) {
        log.debug("{}: dropped {} on stream {}", peer, what, Integer.toUnsignedString(id));
        server.frameDropped();
    }

    // Output

    /** Writes a terminal frame that carries an error. It is short and goes at once. Event loop. */
    void writeError(int id, Status status) {
        byte[] body = FrameEncoder.errorBody(status, config().maxMessage());
        int frame = Wire.HEADER_LENGTH + body.length;
        sendBudget.force(frame);
        FrameEncoder.writeError(writer.begin(frame), id, body);
    }

    FrameWriter writer() {
        return writer;
    }

    private void flush() {
        if (channel.isActive()) {
            writer.flush();
            closeIfDrained();
        } else {
            writer.close();
        }
    }

    private void written() {
        checkOutput();
        closeIfDrained();
    }

    /** While output waits for the peer to read, nothing is read from it and none of its calls is started. */
    private void checkOutput() {
        boolean waits = sendBudget.isWaited() || sendBudget.reserved() >= config().sendBudget();
        if (waits == outputWaits || closing) {
            return;
        }
        outputWaits = waits;
        for (HandlerExecutor.Lane lane : lanes) {
            if (lane != null && waits) {
                lane.pause();
            } else if (lane != null) {
                lane.resume();
            }
        }
        reader.pause(FrameReader.Pause.OUTPUT_WAITS, waits);
    }

    // Input

    private void pauseIfOverBudget() {
        if (receiveBudget.pauseIfOver()) {
            reader.pause(FrameReader.Pause.RECEIVE_BUDGET, true);
            stallWatch.start();
        }
    }

    private void resumeReading() {
        if (!receiveBudget.isPaused()) {
            stallWatch.stop();
            reader.pause(FrameReader.Pause.RECEIVE_BUDGET, false);
        }
    }

    /** Calls that wait for a thread fail, the largest first, where the calls that have the threads wait for input that is not read because of them. */
    private void failWaiting() {
        boolean starving = false;
        ServerStream<?, ?> largest = null;
        for (ServerStream<?, ?> stream : live.values()) {
            starving |= stream.waitsForInput();
            int held = stream.call().waitingBytes();
            if (held > 0 && (largest == null || held > largest.call().waitingBytes())) {
                largest = stream;
            }
        }
        if (starving && largest != null) {
            largest.endWith(
                    Status.RESOURCE_EXHAUSTED.withDescription("call stalled: no thread took it for " + stallTimeout()));
        }
    }

    /** Where the signals of a stream's publisher run, one after the other. */
    Executor signals(ServerStream<?, ?> stream) {
        if (stream.method().mayRunOnEventLoop()) {
            return queue::execute;
        }
        return task -> queue.execute(() -> submit(stream, task));
    }

    private void submit(ServerStream<?, ?> stream, Runnable task) {
        BoundMethod<?, ?> method = stream.method();
        HandlerExecutor.Lane lane = lane(method.executor());
        if (lane.submit(new Signal(task, method.descriptor().fullName()))) {
            lane.flush();
        } else {
            // the call ends, and its handler is told when there is a thread for that
            stream.endWith(overloaded());
            queue.loop().schedule(() -> submit(stream, task), SIGNAL_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    // Life

    /** Ends the connection when its calls have ended. Event loop. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        List<Runnable> told = new ArrayList<>();
        drainListeners.values().forEach(told::addAll);
        drainListeners.clear();
        told.forEach(this::tellDrain);
        closeIfDrained();
    }

    /** Cancels what runs and closes. Event loop. Returns how many calls that cut off. */
    int cut() {
        int cut = live.size();
        // not the text of a drain, upon which a client sends its call again: these have run
        Status stopped = Status.UNAVAILABLE.withDescription("server was shut down");
        for (ServerStream<?, ?> stream : List.copyOf(live.values())) {
            stream.endWith(stopped);
        }
        writer.flush();
        closing = true;
        channel.close();
        return cut;
    }

    void onDrain(ServerStream<?, ?> stream, Runnable listener) {
        queue.offer(() -> {
            if (draining) {
                tellDrain(listener);
            } else if (stream.ended() == null) {
                drainListeners.computeIfAbsent(stream, s -> new ArrayList<>(1)).add(listener);
            }
        });
    }

    private void tellDrain(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            log.error("{}: a listener of the drain failed", peer, e);
        }
    }

    private void closeIfDrained() {
        if (draining && !closing && live.isEmpty() && writer.isFlushed() && sendBudget.reserved() == 0) {
            closing = true;
            channel.close();
        }
    }

    private void abandonAll(Status status) {
        for (ServerStream<?, ?> stream : List.copyOf(live.values())) {
            stream.abandon(status);
        }
    }

    void remove(ServerStream<?, ?> stream) {
        live.remove(stream.streamId());
        server.callEnded();
        if (!drainListeners.isEmpty()) {
            drainListeners.remove(stream);
        }
    }

    // What the streams need

    ServerConfig config() {
        return server.config();
    }

    Dispatcher dispatcher() {
        return server.dispatcher();
    }

    LoopQueue queue() {
        return queue;
    }

    SendBudget sendBudget() {
        return sendBudget;
    }

    ReceiveBudget receiveBudget() {
        return receiveBudget;
    }

    Peer peer() {
        return peer;
    }

    boolean isDraining() {
        return draining;
    }

    String stallTimeout() {
        return Duration.ofNanos(config().stallNanos()).toMillis() + " ms";
    }

    /** A signal of a publisher as a task of the executor. */
    private record Signal(Runnable task, String name) implements HandlerExecutor.HandlerTask {
        @Override
        public void run() {
            task.run();
        }

        @Override
        public void dropped() {
            // the connection is gone or the executor refuses: a handler is told of the end all the same
            ForkJoinPool.commonPool().execute(task);
        }
    }
}
