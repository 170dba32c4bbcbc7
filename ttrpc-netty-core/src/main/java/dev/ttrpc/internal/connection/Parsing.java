package dev.ttrpc.internal.connection;

import dev.ttrpc.Marshaller;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.internal.stream.InboundMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Parses messages; what does not parse becomes INTERNAL with Go's text. */
public final class Parsing {
    private static final String TEXT = "ttrpc: error unmarshalling payload: ";

    private Parsing() {}

    /** Parses and releases a message. */
    public static <T> T take(InboundMessage message, Marshaller<T> marshaller) {
        try {
            return parse(message.bytes(), marshaller);
        } finally {
            message.release();
        }
    }

    /** Parses bytes, which stay the caller's. */
    public static <T> T parse(ByteBuffer bytes, Marshaller<T> marshaller) {
        try {
            return Objects.requireNonNull(marshaller.parse(bytes), "no message");
        } catch (IOException | RuntimeException | Error e) {
            throw new TtrpcException(
                    Status.INTERNAL.withDescription(TEXT + e.getMessage()).withCause(e),
                    TtrpcException.Origin.LIBRARY,
                    e);
        }
    }

    /** Parses, releases and reports a message of a stream; one that does not parse ends the call. */
    static <T> T take(StreamHalf half, InboundMessage message, Marshaller<T> marshaller) {
        T parsed;
        try {
            parsed = take(message, marshaller);
        } catch (TtrpcException e) {
            half.fail(e.status());
            throw half.failure(e.status());
        }
        half.received(parsed);
        return parsed;
    }
}
