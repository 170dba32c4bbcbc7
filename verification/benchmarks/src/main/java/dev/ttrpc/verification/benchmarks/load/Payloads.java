package dev.ttrpc.verification.benchmarks.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ttrpc.Status;
import dev.ttrpc.benchmark.v1.LoadMessage;
import java.util.Random;

/** What the payload of a message must be: part of one fixed text, from a place that follows from the message's number. */
public final class Payloads {
    /** The most that fits into a message of the default limit, with room for the rest of it and its envelope. */
    public static final int LARGEST = (4 << 20) - 1024;

    private static final int PLACES = 1 << 16;
    private static final byte[] TEXT = new byte[LARGEST + PLACES];

    static {
        new Random(1).nextBytes(TEXT);
    }

    private Payloads() {}

    /** A message with its number and its payload. */
    public static LoadMessage message(long number, int size) {
        return LoadMessage.newBuilder()
                .setNumber(number)
                .setPayload(ByteString.copyFrom(TEXT, place(number), size))
                .build();
    }

    /** @throws dev.ttrpc.TtrpcException DATA_LOSS unless this is the message of that number, whole */
    public static void check(LoadMessage message, long number, int size) {
        if (message.getNumber() != number) {
            throw wrong("message " + message.getNumber() + " came where " + number + " was due");
        }
        if (message.getPayload().size() != size || !isRight(message)) {
            throw wrong("message " + number + " is not what was sent");
        }
    }

    static boolean isRight(LoadMessage message) {
        ByteString payload = message.getPayload();
        return payload.size() <= LARGEST
                && payload.equals(UnsafeByteOperations.unsafeWrap(TEXT, place(message.getNumber()), payload.size()));
    }

    static RuntimeException wrong(String what) {
        return Status.DATA_LOSS.withDescription(what).asException();
    }

    private static int place(long number) {
        return (int) (number * 31 & PLACES - 1);
    }
}
