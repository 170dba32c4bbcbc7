package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.conformance.v1.ConformanceAsyncClient;
import dev.ttrpc.conformance.v1.ConformanceClient;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.HangCountResponse;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.peers.integration.StreamingClient;
import dev.ttrpc.peers.integration.StreamingTtrpc;
import java.io.IOException;
import java.util.function.Predicate;

/** The server under test, over one channel. */
final class Server implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 10;

    private final TtrpcAddress address;
    private final Stack stack;
    private final TtrpcChannel channel;
    private final ConformanceClient client;

    /** Which of our clients calls. */
    enum Stack {
        BLOCKING {
            @Override
            ConformanceClient client(TtrpcChannel channel) {
                return ConformanceTtrpc.client(channel);
            }

            @Override
            StreamingClient streaming(TtrpcChannel channel) {
                return StreamingTtrpc.client(channel);
            }
        },
        ASYNC {
            @Override
            ConformanceClient client(TtrpcChannel channel) {
                return new AwaitingConformanceClient(ConformanceTtrpc.asyncClient(channel));
            }

            @Override
            StreamingClient streaming(TtrpcChannel channel) {
                return new AwaitingStreamingClient(StreamingTtrpc.asyncClient(channel));
            }
        };

        abstract ConformanceClient client(TtrpcChannel channel);

        abstract StreamingClient streaming(TtrpcChannel channel);
    }

    Server(TtrpcAddress address, Stack stack) {
        this(address, stack, TtrpcChannel.builder().address(address).build());
    }

    private Server(TtrpcAddress address, Stack stack, TtrpcChannel channel) {
        this.address = address;
        this.stack = stack;
        this.channel = channel;
        this.client = stack.client(channel);
    }

    ConformanceClient client() {
        return client;
    }

    /** The service of Go's own integration test. */
    StreamingClient streaming() {
        return stack.streaming(channel);
    }

    TtrpcChannel channel() {
        return channel;
    }

    /** The same server over another connection. */
    Server again() {
        return new Server(address, stack);
    }

    /** The same server over another connection, on which larger messages are sent than it may take. */
    Server beyond(int maxMessageSize) {
        return new Server(
                address,
                stack,
                TtrpcChannel.builder()
                        .address(address)
                        .maxMessageSize(maxMessageSize)
                        .build());
    }

    /** A way to the same server that can be cut. */
    Link link() throws IOException {
        return new Link(address);
    }

    /** The same server over another connection, which leads through a link. */
    Server through(Link link) {
        return new Server(link.address(), stack);
    }

    /** The async client, whichever the cases call by. */
    ConformanceAsyncClient asyncClient() {
        return ConformanceTtrpc.asyncClient(channel);
    }

    /** That the connection still serves calls. */
    void mustStillAnswer() {
        ByteString payload = ByteString.copyFromUtf8("still there");
        UnaryRequest request = UnaryRequest.newBuilder().setPayload(payload).build();
        Expect.equal("the payload of a call afterwards", client.unary(request).getPayload(), payload);
    }

    HangCountResponse hangs() {
        return client.hangCount(Empty.getDefaultInstance());
    }

    /** Asks for the count of hanging calls until it is as expected. */
    void awaitHangs(String what, Predicate<HangCountResponse> expected) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        HangCountResponse count = hangs();
        while (!expected.test(count)) {
            if (System.nanoTime() > end) {
                throw new CaseFailedException(what + " was not seen within 10 s, the server counts "
                        + count.getStarted() + " started and " + count.getCancelled() + " cancelled");
            }
            Thread.sleep(PAUSE_MILLIS);
            count = hangs();
        }
    }

    /** That no call of the channel is left: those given up end on the event loop, a moment later. */
    void awaitNoCalls() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (channel.liveCalls() > 0) {
            if (System.nanoTime() > end) {
                throw new CaseFailedException(channel.liveCalls() + " calls of the channel have not ended within 10 s");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
