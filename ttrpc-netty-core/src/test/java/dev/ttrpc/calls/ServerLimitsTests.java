package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.join;
import static dev.ttrpc.calls.RawClient.metadata;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.ttrpc.StatusCode;
import dev.ttrpc.calls.HeldCalls.Held;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The limits of a server and their answers: the rows of that table, in its order. */
class ServerLimitsTests extends OnEveryStack {
    private static final String TOO_MANY = "RESOURCE_EXHAUSTED too many concurrent calls";
    private static final String OVERLOADED = "RESOURCE_EXHAUSTED server is overloaded";
    private static final String METADATA = "RESOURCE_EXHAUSTED metadata too large";
    private static final String EXPIRED = "DEADLINE_EXCEEDED context deadline exceeded";
    private static final String DRAINING = "UNAVAILABLE server is shutting down";

    // A message

    @Test
    void messageOfExactlyTheLimitPassesBothWaysAndOneByteMoreDoesNot() throws Exception {
        int limit = 4096;
        serve(TtrpcServer.builder().maxMessageSize(limit));
        int rest = requestBody(Texts.SERVICE, "Echo", "x".repeat(3000), 0).length - 3000;
        client.request(1, "Echo", "x".repeat(limit - rest));
        assertThat(client.read().body()).hasSize(limit - rest + 3);
        client.request(1, "Echo", "x".repeat(limit - rest + 1));
        fails(1, StatusCode.RESOURCE_EXHAUSTED, "message length 4097 exceed maximum message size of 4096");
        client.request(1, "Echo", "repeat 4093");
        assertThat(client.read().body()).hasSize(limit);
        client.request(1, "Echo", "repeat 4094");
        fails(1, StatusCode.RESOURCE_EXHAUSTED, "message length 4097 exceed maximum message size of 4096");
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0))
                .send(1, DATA, 0, text("x".repeat(limit)));
        assertThat(client.read().body()).hasSize(limit);
        client.send(1, DATA, 0, text("x".repeat(limit + 1)));
        fails(1, StatusCode.RESOURCE_EXHAUSTED, "message length 4097 exceed maximum message size of 4096");
        client.send(1, REQUEST, RO | ND, requestBody(Texts.SERVICE, "Chat", "", 0))
                .send(1, DATA, 0, text("repeat 4097"));
        fails(1, StatusCode.RESOURCE_EXHAUSTED, "message length 4097 exceed maximum message size of 4096");
        nothingMore();
        assertThat(server.statistics().framesOversized()).isEqualTo(2); // those that came in
    }

    // Calls of a connection

    @Test
    void callsAboveTheLimitOfAConnectionAreRefusedAndNotBegun() throws Exception {
        for (Kind kind : Kind.values()) {
            serve(TtrpcServer.builder().maxConcurrentCalls(2));
            int before = held.count();
            Held first = hold(1, kind);
            Held second = hold(3, kind);
            request(5, kind, "", 0);
            answers("5 Response 0 " + TOO_MANY);
            client.send(5, DATA, RC | ND, NOTHING);
            nothingMore();
            assertThat(held.count()).isEqualTo(before + 2);

            endsWell(1, kind, first);
            Held third = hold(7, kind);
            request(9, kind, "", 0);
            answers("9 Response 0 " + TOO_MANY);
            request(3, kind, "", 0); // ends the second
            client.read();
            second.cancelled();
            endsWell(11, kind, hold(11, kind));
            endsWell(7, kind, third);
            assertThat(server.statistics().callsOverLimit()).isEqualTo(2);
        }
    }

    @Test
    void everyConnectionHasItsOwnCalls() throws Exception {
        serve(TtrpcServer.builder().maxConcurrentCalls(1));
        Held call = hold(1, Kind.BIDIRECTIONAL);
        try (RawClient other = connect()) {
            other.request(1, "Echo", "ok");
            assertThat(other.read().words()).isEqualTo("1 Response 0 ok");
        }
        endsWell(1, Kind.BIDIRECTIONAL, call);
    }

    @Test
    void connectionHas4096CallsByDefault() throws Exception {
        Assumptions.assumeTrue(stack == Stack.ASYNC_ON_LOOP, "one handler a thread would take 4,096 threads");
        for (int i = 0; i < 4096; i++) {
            request(2 * i + 1, Kind.UNARY, "", 0);
        }
        request(8193, Kind.UNARY, "", 0);
        answers("8193 Response 0 " + TOO_MANY);
        assertThat(server.liveCalls()).isEqualTo(4096);
        assertThat(held.count()).isEqualTo(4096);
    }

    // Calls that wait for the executor

    @Test
    void callsAboveTheExecutorsQueueAreRefusedAndNotBegun() throws Exception {
        Assumptions.assumeTrue(stack != Stack.ASYNC_ON_LOOP, "it has no executor");
        CountDownLatch go = new CountDownLatch(1);
        List<String> begun = new ArrayList<>();
        ServiceDefinition waiting = waiting(go, begun);
        try (TtrpcServer small = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(waiting)
                        .pool(1, 2, Duration.ofSeconds(1))
                        .build()
                        .start();
                RawClient other = new RawClient(small.addresses().get(0))) {
            other.request(1, "Echo", "a");
            until(() -> small.runningHandlers() == 1);
            other.request(3, "Echo", "b").request(5, "Echo", "c").request(7, "Echo", "d");
            assertThat(other.read().words()).isEqualTo("7 Response 0 " + OVERLOADED);
            go.countDown();
            assertThat(other.read().words()).isEqualTo("1 Response 0 a");
            assertThat(other.read().words()).isEqualTo("3 Response 0 b");
            assertThat(other.read().words()).isEqualTo("5 Response 0 c");
            other.request(9, "Echo", "e");
            assertThat(other.read().words()).isEqualTo("9 Response 0 e");
            assertThat(begun).containsExactly("a", "b", "c", "e");
            assertThat(small.statistics().callsOverloaded()).isOne();
        }
    }

    /** Handlers that hold the one thread until told to go. */
    private ServiceDefinition waiting(CountDownLatch go, List<String> begun) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(Texts.SERVICE);
        if (stack == Stack.ASYNC) {
            builder.unaryAsync(Texts.ECHO, text -> CompletableFuture.completedFuture(waited(text, go, begun)));
        } else {
            builder.unary(Texts.ECHO, text -> waited(text, go, begun));
        }
        return (stack == Stack.NON_BLOCKING ? builder.onEventLoop(Texts.ECHO, text -> false) : builder).build();
    }

    private static String waited(String text, CountDownLatch go, List<String> begun) {
        begun.add(text);
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return text;
    }

    @Test
    void callThatAGivenExecutorRefusesIsAnsweredSo() throws Exception {
        Assumptions.assumeTrue(stack != Stack.ASYNC_ON_LOOP, "it has no executor");
        serve(TtrpcServer.builder().executor(task -> {
            throw new RejectedExecutionException("full");
        }));
        for (Kind kind : Kind.values()) {
            request(1, kind, "", 0);
            answers("1 Response 0 " + OVERLOADED);
        }
        assertThat(held.count()).isZero();
        assertThat(server.statistics().callsOverloaded()).isEqualTo(4);
        nothingMore();
    }

    @Test
    void callsThatWaitForTheExecutorAre16384ByDefault() throws Exception {
        Assumptions.assumeTrue(stack != Stack.ASYNC_ON_LOOP, "it has no executor");
        serve(TtrpcServer.builder().maxConcurrentCalls(20_000).executor(task -> {})); // which never comes to them
        byte[] body = requestBody(HeldCalls.SERVICE, Kind.UNARY.method, "", 0);
        ByteArrayOutputStream calls = new ByteArrayOutputStream();
        for (int i = 0; i < 16_385; i++) {
            calls.writeBytes(RawServer.frame(2 * i + 1, REQUEST, 0, body));
        }
        client.bytes(calls.toByteArray());
        answers("32769 Response 0 " + OVERLOADED);
        assertThat(server.liveCalls()).isEqualTo(16_384);
        assertThat(held.count()).isZero();
    }

    // Connections

    @Test
    void connectionAboveTheLimitIsAcceptedAndClosedAtOnceWithOneLine() throws Exception {
        serve(TtrpcServer.builder().maxConnections(2));
        nothingMore();
        try (RawClient second = connect();
                RecordedLog log = RecordedLog.ofServers()) {
            second.request(1, "Echo", "ok");
            assertThat(second.read().words()).isEqualTo("1 Response 0 ok");
            for (int i = 0; i < 5; i++) {
                try (RawClient third = connect()) {
                    assertThat(third.isClosed()).isTrue();
                }
            }
            assertThat(log.messages(Level.WARN)).singleElement().asString().contains("All 2 connections are in use");
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.statistics().connectionsOverLimit()).isEqualTo(5);
            assertThat(server.statistics().connectionsAccepted()).isEqualTo(2);
        }
        until(() -> server.connections() == 1);
        try (RawClient next = connect()) {
            next.request(1, "Echo", "ok");
            assertThat(next.read().words()).isEqualTo("1 Response 0 ok");
        }
        nothingMore();
    }

    // Metadata

    @Test
    void metadataOfExactlyTheLimitPassesAndOneByteMoreIsRefused() throws Exception {
        byte[] two = join(metadata("key", "first"), metadata("key", "second"));
        byte[] request = requestBody(Texts.SERVICE, "Echo", "metadata key", 0);
        serve(TtrpcServer.builder().maxMetadataSize(two.length));
        client.send(1, REQUEST, 0, join(request, two));
        answers("1 Response 0 first,second");
        serve(TtrpcServer.builder().maxMetadataSize(two.length - 1));
        client.send(1, REQUEST, 0, join(request, two));
        answers("1 Response 0 " + METADATA);
        client.send(3, REQUEST, 0, join(request, metadata("key", "first")));
        answers("3 Response 0 first");
        assertThat(server.statistics().callsWithLargeMetadata()).isOne();
    }

    @Test
    void metadataLimitIs64KibibytesOnEveryKindOfCallByDefault() throws Exception {
        int pair = metadata("k", "v".repeat(60_000)).length - 60_000;
        byte[] fits = metadata("k", "v".repeat((64 << 10) - pair));
        byte[] tooLarge = metadata("k", "v".repeat((64 << 10) - pair + 1));
        for (Kind kind : Kind.values()) {
            byte[] body = requestBody(HeldCalls.SERVICE, kind.method, "", 0);
            client.send(1, REQUEST, kind.flags, join(body, tooLarge));
            answers("1 Response 0 " + METADATA);
            client.send(1, REQUEST, kind.flags, join(body, fits));
            endsWell(1, kind, held.next());
        }
        assertThat(held.count()).isEqualTo(4);
    }

    @Test
    void emptyPairsOfMetadataCountToo() throws Exception {
        serve(TtrpcServer.builder().maxMetadataSize(100));
        byte[] body = requestBody(Texts.SERVICE, "Echo", "ok", 0);
        byte[] empty = {0x2a, 0};
        for (int i = 0; i < 50; i++) {
            body = join(body, empty);
        }
        client.send(1, REQUEST, 0, body);
        answers("1 Response 0 ok");
        client.send(1, REQUEST, 0, join(body, empty));
        answers("1 Response 0 " + METADATA);
    }

    // The longest duration

    @Test
    void callsLongestDurationIsADeadlineOfEveryKindOfCall() throws Exception {
        serve(TtrpcServer.builder().maxCallDuration(Duration.ofMillis(20)));
        for (Kind kind : Kind.values()) {
            for (long asked : new long[] {0, Duration.ofHours(1).toNanos(), Long.MAX_VALUE}) {
                request(1, kind, "", asked);
                answers("1 Response 0 " + EXPIRED);
            }
        }
    }

    @Test
    void shorterTimeoutIsNotMadeLonger() throws Exception {
        serve(TtrpcServer.builder().maxCallDuration(Duration.ofHours(1)));
        request(1, Kind.UNARY, "", Duration.ofMillis(20).toNanos());
        answers("1 Response 0 " + EXPIRED);
    }

    // Draining

    @Test
    void drainingServerRefusesNewCallsOfEveryKindAndFinishesOldOnes() throws Exception {
        List<Held> calls = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            calls.add(hold(2 * kind.ordinal() + 1, kind));
        }
        CompletableFuture<Integer> end = server.shutdown(Duration.ofSeconds(30));
        until(() -> calls.get(0).context.isDraining());
        for (Kind kind : Kind.values()) {
            request(101, kind, "", 0);
            answers("101 Response 0 " + DRAINING);
        }
        client.send(103, REQUEST, 0, RawClient.requestBody("nobody", "Nothing", "", 0));
        answers("103 Response 0 " + DRAINING);
        client.send(5, DATA, 0, text("still taken"));
        takes(calls.get(2), "still taken");
        for (Kind kind : Kind.values()) {
            endsWell(2 * kind.ordinal() + 1, kind, calls.get(kind.ordinal()));
        }
        assertThat(client.isClosed()).isTrue();
        assertThat(end.get()).isZero();
        assertThat(server.statistics().callsWhileDraining()).isEqualTo(5);
        assertThat(held.count()).isEqualTo(4);
    }
}
