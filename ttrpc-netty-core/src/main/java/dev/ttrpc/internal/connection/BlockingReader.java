package dev.ttrpc.internal.connection;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.stream.InboundMessage;
import dev.ttrpc.internal.stream.InboundQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread wait for the messages of a stream.
 *
 * @param <T> the type of message
 */
public final class BlockingReader<T> implements MessageReader<T> {
    private final StreamHalf half;
    private final InboundQueue input;
    private final Marshaller<T> marshaller;
    private final CallerWait wait = new CallerWait();
    private boolean closed;
    private @Nullable Status broken; // by a message that does not parse

    public BlockingReader(StreamHalf half, InboundQueue input, Marshaller<T> marshaller) {
        this.half = half;
        this.input = input;
        this.marshaller = marshaller;
        input.onSignal(wait::wake);
    }

    @Override
    public @Nullable T read() {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
        if (broken != null) {
            throw half.failure(broken);
        }
        while (true) {
            Status end = input.end(); // read before the queue: what stands before the end is seen then
            InboundMessage message = input.poll();
            if (message != null) {
                return take(message);
            }
            if (end != null) {
                if (end.isOk()) {
                    return null;
                }
                throw half.over(end);
            }
            await();
        }
    }

    /** Nothing is read behind a message that does not parse, also where the call had ended before it was read. */
    private T take(InboundMessage message) {
        try {
            return Parsing.take(half, message, marshaller);
        } catch (TtrpcException e) {
            broken = e.status();
            input.discard();
            throw e;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            input.discard();
            half.readerClosed();
        }
    }

    private void await() {
        Waits.checkMayWait();
        wait.until(half, () -> !input.isEmpty() || input.end() != null);
    }
}
