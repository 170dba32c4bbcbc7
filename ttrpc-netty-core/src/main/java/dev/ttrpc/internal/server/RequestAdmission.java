package dev.ttrpc.internal.server;

import dev.ttrpc.Deadline;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.codec.MalformedException;
import dev.ttrpc.internal.codec.RequestEnvelope;
import dev.ttrpc.internal.codec.Wire;
import dev.ttrpc.internal.connection.Parsing;
import dev.ttrpc.internal.server.ServerCounters.Event;
import dev.ttrpc.internal.stream.InboundMessage;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a Request: the call that it begins, or the answer that refuses it. Belongs to the event loop. */
final class RequestAdmission {
    private final ServerConnection connection;
    private final ServerConfig config;
    private final MethodTable methods;
    private final StreamRegistry streams;
    private final RequestEnvelope envelope;

    RequestAdmission(ServerConnection connection, MethodTable methods) {
        this.connection = connection;
        this.config = connection.config();
        this.methods = methods;
        this.streams = connection.streams();
        this.envelope = new RequestEnvelope(config.maxMetadata());
    }

    void onRequest(int id, int flags, ByteBuf buffer, int index, int length) {
        ServerStream<?, ?> same = streams.find(id);
        if (same != null || config.strictStreamIds() && streams.isUsed(id)) {
            Status reused = Status.INVALID_ARGUMENT.withDescription("StreamID cannot be re-used and must increment");
            if (same != null) {
                same.endWith(reused);
            } else {
                refuse(id, reused);
            }
            return;
        }
        streams.noteId(id);
        try {
            envelope.parse(buffer, index, length);
            BoundMethod<?, ?> method = methods.find(buffer, envelope);
            Status refusal = refusal();
            if (refusal != null) {
                refuse(id, refusal);
            } else if (method == null) {
                refuse(id, unknown(buffer));
            } else {
                begin(id, flags, method, buffer);
            }
        } catch (MalformedException e) {
            refuse(id, Status.INVALID_ARGUMENT.withDescription("unmarshal request error: " + e.getMessage()));
        }
    }

    private void refuse(int id, Status status) {
        connection.output().writeError(id, status);
    }

    private Status unknown(ByteBuf buffer) throws MalformedException {
        String service = envelope.service(buffer);
        String method = envelope.method(buffer);
        return Status.UNIMPLEMENTED.withDescription(
                methods.hasService(service) ? "method " + method : "service " + service);
    }

    private @Nullable Status refusal() {
        if (connection.isDraining()) {
            connection.count(Event.CALL_WHILE_DRAINING);
            return Status.UNAVAILABLE.withDescription(NettyServer.DRAINING);
        } else if (envelope.metadataTooLarge()) {
            connection.count(Event.CALL_WITH_LARGE_METADATA);
            return Status.RESOURCE_EXHAUSTED.withDescription("metadata too large");
        } else if (envelope.timeoutNano() < 0) {
            return ServerStream.deadlineExceeded();
        } else if (streams.size() >= config.maxConcurrentCalls()
                || connection.lanes().outliving() >= config.maxConcurrentCalls()) {
            connection.count(Event.CALL_OVER_LIMIT);
            return Status.RESOURCE_EXHAUSTED.withDescription("too many concurrent calls");
        }
        return null;
    }

    private <Q, P> void begin(int id, int flags, BoundMethod<Q, P> method, ByteBuf buffer) {
        ServerStream<Q, P> stream = new ServerStream<>(connection, id, method, deadline(), envelope.metadata());
        streams.add(stream);
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
                connection.lanes().submit(stream);
            }
        } else if (method.mayRunOnEventLoop()) {
            beginWithParsed(stream, buffer, payload);
        } else {
            submit(stream, buffer, payload);
        }
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
            stream.handlerFailed(connection.dispatcher().statusOf(e, method));
            return;
        }
        if (here) {
            stream.call().runOnEventLoop(request);
        } else {
            submit(stream, buffer, payload);
        }
    }

    private void submit(ServerStream<?, ?> stream, ByteBuf buffer, int payload) {
        stream.call().await(InboundMessage.of(buffer, envelope.payloadIndex(), payload));
        connection.lanes().submit(stream);
    }

    private @Nullable Deadline deadline() {
        long longest = config.maxCallNanos();
        long asked = envelope.timeoutNano();
        if (asked == 0 && longest == 0) {
            return null;
        }
        return Deadline.afterNanos(asked == 0 ? longest : longest == 0 ? asked : Math.min(asked, longest));
    }
}
