package dev.ttrpc.verification.interop.serve;

import java.util.concurrent.Flow;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Requests for the async clients. */
final class Sent {
    private Sent() {}

    /** Publishes so many messages, made of the numbers from 0. */
    static <T> Flow.Publisher<T> of(int count, IntFunction<T> message) {
        return new EmittedMessages<>(
                () -> IntStream.range(0, count).mapToObj(message).iterator(), 0);
    }
}
