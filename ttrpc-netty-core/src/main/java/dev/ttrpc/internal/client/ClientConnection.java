package dev.ttrpc.internal.client;

import dev.ttrpc.Status;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.ResponseEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.ConnectionEvents;
import dev.ttrpc.internal.connection.FrameReader;
import dev.ttrpc.internal.connection.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a channel: which calls live on it, and what each frame means to them. Belongs to the channel's event loop. */
final class ClientConnection implements ConnectionEvents {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    private final NettyChannel owner;
    private final Channel channel;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final ResponseEnvelope envelope = new ResponseEnvelope();
    private final IntObjectMap<ClientStream<?, ?>> live = new IntObjectHashMap<>();
    private int nextId;
    private boolean idsUsedUp;
    private boolean retired;
    private boolean closing; // by this side
    private boolean closed;

    ClientConnection(NettyChannel owner, Channel channel) {
        this.owner = owner;
        this.channel = channel;
        ClientConfig config = owner.config();
        this.reader = new FrameReader(config.maxMessage(), this);
        this.writer = new FrameWriter(channel, owner.sendBudget(), () -> {});
        this.nextId = config.firstStreamId();
    }

    /** Puts this connection at the end of its channel's pipeline, before the channel is active. */
    void install() {
        channel.pipeline().addLast("ttrpc", reader);
    }

    /** Whether calls can be opened on it. */
    boolean isUsable() {
        return !closed && !retired && !idsUsedUp && channel.isActive();
    }

    /** Begins a call: takes its id and writes its Request. */
    void open(ClientStream<?, ?> stream) {
        int id = nextId;
        nextId += 2;
        idsUsedUp = nextId == 1; // the next id would be the first one again
        live.put(id, stream);
        stream.open(this, id);
        if (idsUsedUp) {
            retire();
        }
    }

    /** No call is begun on it any more, and it closes when the last one has ended. */
    void retire() {
        if (!retired) {
            retired = true;
            owner.connector().retired(this);
            closeIfUnused();
        }
    }

    void forget(ClientStream<?, ?> stream) {
        if (live.remove(stream.streamId()) != null) {
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (retired && live.isEmpty() && !closed) {
            owner.queue().offer(this::close);
        }
    }

    FrameWriter writer() {
        return writer;
    }

    void flush() {
        if (channel.isActive()) {
            writer.flush();
        } else {
            writer.close();
        }
    }

    void close() {
        closing = true;
        flush();
        channel.close();
    }

    /** Stops reading until the budget allows it again. */
    void pauseReading() {
        reader.pause(FrameReader.Pause.RECEIVE_BUDGET, true);
    }

    /** Ends all its calls, unread messages with them, and closes. */
    void abort(CallEnd end) {
        for (ClientStream<?, ?> stream : List.copyOf(live.values())) {
            stream.end(end, true);
        }
        close();
    }

    /** Goes on reading when the budget allows it again. */
    void resumeReading() {
        reader.pause(FrameReader.Pause.RECEIVE_BUDGET, false);
    }

    @Override
    public void onActive() {
        // the attempt's callback says so
    }

    @Override
    public void onFrame(int streamId, int type, int flags, ByteBuf buffer, int index, int length) {
        ClientStream<?, ?> stream = live.get(streamId);
        if (stream == null) {
            owner.counters().droppedFrames.incrementAndGet();
            log.debug(
                    "{}: dropped a frame of type {} on inactive stream {}",
                    owner.address(),
                    type,
                    Integer.toUnsignedString(streamId));
            return;
        }
        switch (type) {
            case Wire.RESPONSE -> onResponse(stream, buffer, index, length);
            case Wire.DATA -> stream.onData(flags, buffer, index, length);
            default -> stream.onUnexpected(type);
        }
        owner.pauseIfOverBudget();
    }

    private void onResponse(ClientStream<?, ?> stream, ByteBuf buffer, int index, int length) {
        try {
            envelope.parse(buffer, index, length);
        } catch (MalformedException e) {
            stream.failProtocol("unmarshal response error: " + e.getMessage());
            return;
        }
        stream.onResponse(envelope.status(), buffer, envelope.payloadIndex(), envelope.payloadLength());
    }

    @Override
    public void onOversizedFrame(int streamId, int type, int flags, int length) {
        owner.counters().oversizedFrames.incrementAndGet();
        ClientStream<?, ?> stream = live.get(streamId);
        if (stream != null) {
            stream.end(
                    CallEnd.byLibrary(Status.RESOURCE_EXHAUSTED.withDescription(
                            Wire.oversized(length, owner.config().maxMessage()))),
                    false);
        }
    }

    @Override
    public void onBrokenLength(int length) {
        owner.protocolError(length);
        channel.close();
    }

    @Override
    public void onReadComplete() {
        writer.flush();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        closed = true;
        if (!closing && !(retired && live.isEmpty())) {
            owner.counters().connectionsLost.incrementAndGet();
        }
        owner.connector().closed(this);
        String why = "the connection to " + owner.address() + " was lost"
                + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
        for (ClientStream<?, ?> stream : List.copyOf(live.values())) {
            stream.attemptFailed(CallEnd.lost(why, false, cause));
        }
        writer.close();
    }
}
