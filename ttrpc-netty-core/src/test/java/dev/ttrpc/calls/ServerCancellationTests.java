package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What it means to a handler that its call is cancelled, and what a drain waits for. */
class ServerCancellationTests extends OnEveryStack {
    /** The ways in which a call ends without its handler's doing. */
    private enum Cause {
        DEADLINE(StatusCode.DEADLINE_EXCEEDED, StatusCode.DEADLINE_EXCEEDED),
        REUSED_ID(StatusCode.INVALID_ARGUMENT, StatusCode.CANCELLED),
        TOO_LARGE(StatusCode.RESOURCE_EXHAUSTED, StatusCode.CANCELLED),
        CONNECTION_GONE(StatusCode.CANCELLED, StatusCode.CANCELLED),
        SHUT_DOWN(StatusCode.UNAVAILABLE, StatusCode.CANCELLED);

        /** The reason that listeners are given. */
        final StatusCode reason;
        /** What reads and writes throw. */
        final StatusCode thrown;

        Cause(StatusCode reason, StatusCode thrown) {
            this.reason = reason;
            this.thrown = thrown;
        }
    }

    private void bringAbout(Cause cause) throws Exception {
        switch (cause) {
            case DEADLINE -> {} // it passes
            case REUSED_ID -> client.request(1, "Echo", "");
            case TOO_LARGE -> client.send(1, DATA, 0, new byte[4097]);
            case CONNECTION_GONE -> client.close();
            case SHUT_DOWN -> server.shutdown(Duration.ZERO);
        }
    }

    @Test
    void contextSaysSoAndItsListenersRunOnceWithTheReason() throws Exception {
        for (Cause cause : Cause.values()) {
            for (Kind kind : Kind.values()) {
                serve(TtrpcServer.builder().maxMessageSize(4096));
                Held call = cause == Cause.DEADLINE ? holdUntilDeadline(1, kind) : hold(1, kind);
                BlockingQueue<StatusCode> told = new LinkedBlockingQueue<>();
                call.context.onCancel(reason -> told.add(reason.code()));
                bringAbout(cause);
                assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(cause.reason);
                assertThat(call.context.isCancelled()).isTrue();
                call.context.onCancel(reason -> told.add(reason.code())); // one that comes late runs at once
                assertThat(told.poll()).isEqualTo(cause.reason);
                call.end("late");
                until(() -> server.runningHandlers() == 0);
                assertThat(told).isEmpty();
            }
        }
    }

    @Test
    void callThatEndsByItsHandlerIsNotCancelled() throws Exception {
        for (Kind kind : Kind.values()) {
            Held call = hold(1, kind);
            endsWell(1, kind, call);
            Held failed = hold(1, kind);
            failed.fail(Status.ABORTED.asException());
            client.read();
            assertThat(List.of(call, failed)).noneMatch(each -> each.context.isCancelled());
            assertThat(List.of(call, failed)).noneMatch(each -> each.cancelled.isDone());
        }
    }

    @Test
    void readsThatWaitThrowCancelledOrDeadlineExceeded() throws Exception {
        for (Cause cause : Cause.values()) {
            for (Kind kind : new Kind[] {Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL}) {
                serve(TtrpcServer.builder().maxMessageSize(4096));
                Held call = cause == Cause.DEADLINE ? holdUntilDeadline(1, kind) : hold(1, kind);
                bringAbout(cause);
                takes(call, "(" + cause.thrown + ")");
            }
        }
    }

    @Test
    void writesThatWaitThrowCancelledOrDeadlineExceededAndPublishersAreCancelled() throws Exception {
        long soon = 10 * SOON;
        while (!writeWaits(Cause.DEADLINE, soon)) {
            soon *= 4;
        }
        assertThat(writeWaits(Cause.CONNECTION_GONE, 0)).isTrue();
        assertThat(writeWaits(Cause.SHUT_DOWN, 0)).isTrue();
    }

    /** Returns false where the deadline has passed before a write waits, on a machine that is too busy for it. */
    private boolean writeWaits(Cause cause, long timeout) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<StatusCode> stopped = new CompletableFuture<>();
        ServiceDefinition.Builder flood = ServiceDefinition.builder(Texts.SERVICE);
        if (stack.isAsync()) {
            flood.serverStreamingAsync(Texts.SPLIT, request -> flood(begun, stopped));
        } else {
            flood.serverStreaming(Texts.SPLIT, (request, writer) -> flood(begun, stopped, writer));
        }
        if (stack == Stack.ASYNC_ON_LOOP) {
            flood.onEventLoop();
        }
        stop();
        server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(flood.build())
                .build()
                .start();
        client = connect();
        long sent = System.nanoTime();
        client.send(1, REQUEST, RC, requestBody(Texts.SERVICE, "Split", "", timeout));
        // the first fills the socket, the second or third waits
        until(() -> begun.get() >= 2 || (timeout > 0 && System.nanoTime() - sent > timeout && server.liveCalls() == 0));
        if (begun.get() < 2) {
            return false;
        }
        bringAbout(cause);
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isEqualTo(stack.isAsync() ? StatusCode.OK : cause.thrown);
        return true;
    }

    private static final String LARGE = "x".repeat(4 << 20);

    private static void flood(
            AtomicInteger begun, CompletableFuture<StatusCode> stopped, MessageWriter<String> writer) {
        try {
            while (true) {
                begun.incrementAndGet();
                writer.write(LARGE);
            }
        } catch (TtrpcException e) {
            stopped.complete(e.status().code());
            throw e;
        }
    }

    private static Flow.Publisher<String> flood(AtomicInteger begun, CompletableFuture<StatusCode> stopped) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                begun.incrementAndGet();
                subscriber.onNext(LARGE);
            }

            @Override
            public void cancel() {
                stopped.complete(StatusCode.OK);
            }
        });
    }

    private void interrupted(boolean asked) throws Exception {
        CompletableFuture<CallContext> begun = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch go = new CountDownLatch(1);
        ServiceDefinition service = ServiceDefinition.builder(Texts.SERVICE)
                .unary(Texts.ECHO, text -> {
                    begun.complete(Objects.requireNonNull(CallContext.current()));
                    try {
                        go.await(10, TimeUnit.SECONDS);
                        interrupted.complete(false);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    }
                    return text;
                })
                .build();
        try (TtrpcServer own = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(service)
                        .interruptOnCancel(asked)
                        .build()
                        .start();
                RawClient other = new RawClient(own.addresses().get(0))) {
            for (long soon = SOON; !begun.isDone(); soon *= 4) { // until it passes behind the beginning
                other.send(1, REQUEST, 0, requestBody(Texts.SERVICE, "Echo", "x", soon));
                assertThat(other.read().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
            }
            CallContext context = begun.get(10, TimeUnit.SECONDS);
            until(context::isCancelled);
            if (!asked) {
                go.countDown();
            }
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isEqualTo(asked);
        }
    }

    @Test
    void threadOfACancelledHandlerIsInterruptedOnlyWhereConfigured() throws Exception {
        Assumptions.assumeTrue(stack == Stack.BLOCKING, "it makes its own server, of the blocking stack");
        interrupted(false);
        interrupted(true);
    }

    @Test
    void drainWaitsForLiveCallsAndForHandlersOfEndedOnes() throws Exception {
        List<Held> calls = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            calls.add(holdUntilDeadline(1, kind));
            client.read(); // the deadline's answer
        }
        Held live = hold(3, Kind.BIDIRECTIONAL);
        boolean running = !stack.isAsync();
        until(() -> server.runningHandlers() == (running ? 5 : 0)); // a method that returns at once may be about to
        CompletableFuture<Integer> end = server.shutdown(Duration.ofSeconds(30));
        request(5, Kind.UNARY, "", 0);
        answers("5 Response 0 UNAVAILABLE server is shutting down");
        assertThat(end).isNotDone();
        endsWell(3, Kind.BIDIRECTIONAL, live);
        assertThat(client.isClosed()).isTrue();
        until(() -> server.connections() == 0);
        for (Held call : calls) {
            assertThat(running && end.isDone()).isFalse();
            call.end("late");
        }
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
    }
}
