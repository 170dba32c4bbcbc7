package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a handler's end, however it comes about: the rows of that table, in its order. */
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class HandlerEndsTests {
    private static final String INTERNAL_ERROR = "UNKNOWN internal error";
    private static final String NIL = "UNKNOWN ttrpc: marshal called with nil";

    /** How a handler comes to its end: on which stack, and for the async ones whether in its method or later. */
    enum Way {
        BLOCKING,
        NON_BLOCKING,
        ASYNC_THROWS,
        ASYNC_FAILS,
        ASYNC_ON_LOOP_THROWS,
        ASYNC_ON_LOOP_FAILS;

        boolean isAsync() {
            return this != BLOCKING && this != NON_BLOCKING;
        }

        boolean fails() {
            return this == ASYNC_FAILS || this == ASYNC_ON_LOOP_FAILS;
        }

        boolean onLoop() {
            return name().contains("LOOP") || this == NON_BLOCKING;
        }
    }

    @Parameter
    Way way;

    private TtrpcServer server;
    private RawClient client;
    private RecordedLog log;

    /** What a handler does: answers or throws. */
    private interface Body {
        String run() throws Throwable;
    }

    /** A service each of whose methods ends as the body says, in this way. */
    private ServiceDefinition.Builder ending(Body body) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(Texts.SERVICE);
        if (way.isAsync()) {
            builder.unaryAsync(Texts.ECHO, request -> stage(body))
                    .serverStreamingAsync(Texts.SPLIT, request -> publisher(body))
                    .clientStreamingAsync(Texts.JOIN, requests -> stage(body))
                    .bidiStreamingAsync(Texts.CHAT, requests -> publisher(body));
        } else {
            builder.unary(Texts.ECHO, request -> run(body))
                    .serverStreaming(Texts.SPLIT, (request, writer) -> writer.write(run(body)))
                    .clientStreaming(Texts.JOIN, requests -> run(body))
                    .bidiStreaming(Texts.CHAT, (requests, writer) -> writer.write(run(body)));
        }
        return way.onLoop() ? builder.onEventLoop() : builder;
    }

    private CompletableFuture<String> stage(Body body) {
        if (!way.fails()) {
            return CompletableFuture.completedFuture(run(body));
        }
        CompletableFuture<String> stage = new CompletableFuture<>();
        try {
            stage.complete(body.run());
        } catch (Throwable failure) {
            stage.completeExceptionally(failure);
        }
        return stage;
    }

    private Flow.Publisher<String> publisher(Body body) {
        if (!way.fails()) {
            String answer = run(body);
            return subscriber -> once(subscriber, () -> answer);
        }
        return subscriber -> once(subscriber, body);
    }

    /** Publishes one answer, or the failure. */
    private static void once(Flow.Subscriber<? super String> subscriber, Body body) {
        subscriber.onSubscribe(new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long n) {
                if (!done) {
                    done = true;
                    try {
                        subscriber.onNext(body.run());
                        subscriber.onComplete();
                    } catch (Throwable failure) {
                        subscriber.onError(failure);
                    }
                }
            }

            @Override
            public void cancel() {
                done = true;
            }
        });
    }

    private static String run(Body body) {
        try {
            return body.run();
        } catch (Throwable failure) {
            throw HandlerEndsTests.<RuntimeException>sneaky(failure);
        }
    }

    @SuppressWarnings("unchecked") // handlers throw whatever there is
    private static <T extends Throwable> T sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    private void serve(ServiceDefinition service, TtrpcServer.Builder builder) throws Exception {
        stop();
        log = RecordedLog.ofServers();
        server = builder.listen("tcp://127.0.0.1:0").service(service).build().start();
        client = new RawClient(server.addresses().get(0));
    }

    private void serve(Body body) throws Exception {
        serve(ending(body).build(), TtrpcServer.builder());
    }

    private void serveThrowing(Supplier<Throwable> failure) throws Exception {
        serve(() -> {
            throw failure.get();
        });
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            client.close();
            OnEveryStack.until(() -> server.liveCalls() == 0 && server.runningHandlers() == 0);
            server.close();
            log.close();
        }
    }

    /** Calls every kind of method, each of which ends with this. */
    private void everyKindAnswers(String said) throws IOException {
        for (Kind kind : Kind.values()) {
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read().words()).as(kind.toString()).isEqualTo("1 Response 0 " + said);
        }
        nothingMore();
    }

    private void nothingMore() throws IOException {
        client.send(0, DATA, 0, OnEveryStack.NOTHING);
        assertThat(client.read().id()).isZero();
    }

    // Throws a TtrpcException of its own

    @Test
    void exceptionThatHandlerCodeMadeEndsItsCallWithItsStatus() throws Exception {
        serveThrowing(() -> Status.NOT_FOUND.withDescription("no such").asException());
        everyKindAnswers("NOT_FOUND no such");
        assertThat(log.messages(Level.ERROR)).isEmpty();
    }

    @Test
    void exceptionThatHandlerCodeMadeIsFoundAnywhereInTheChainOfCauses() throws Exception {
        for (int depth : new int[] {1, 2, 50}) {
            serveThrowing(() -> {
                Throwable thrown = Status.NOT_FOUND.withDescription("deep down").asException();
                for (int i = 0; i < depth; i++) {
                    thrown = i % 2 == 0 ? new CompletionException(thrown) : new IllegalStateException("around", thrown);
                }
                return thrown;
            });
            everyKindAnswers("NOT_FOUND deep down");
        }
    }

    @Test
    void detailsOfAnExceptionAreSentWithItsStatus() throws Exception {
        serveThrowing(() -> Status.NOT_FOUND
                .withDescription("x")
                .withDetails(List.of(new Status.Detail("a/b", new byte[] {7})))
                .asException());
        for (Kind kind : Kind.values()) {
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read()).hasToString("1 RESPONSE 0 0a0f08051201781a080a03612f62120107");
        }
    }

    @Test
    void chainOfCausesThatGoesRoundEnds() throws Exception {
        serveThrowing(() -> {
            IllegalStateException outer = new IllegalStateException("outer");
            outer.initCause(new IllegalStateException("inner", outer));
            return outer;
        });
        everyKindAnswers(INTERNAL_ERROR);
    }

    // Throws one that came out of a client call of its own

    @Test
    void statusOfAClientCallOfItsOwnIsNotTheHandlers() throws Exception {
        for (TtrpcException.Origin origin :
                new TtrpcException.Origin[] {TtrpcException.Origin.PEER, TtrpcException.Origin.LIBRARY}) {
            Status downstream = Status.NOT_FOUND.withDescription("downstream");
            for (Supplier<Throwable> failure : List.<Supplier<Throwable>>of(
                    () -> new TtrpcException(downstream, origin, null),
                    () -> new CompletionException(new TtrpcException(downstream, origin, null)))) {
                serveThrowing(failure);
                everyKindAnswers(INTERNAL_ERROR);
                assertThat(log.messages(Level.WARN))
                        .hasSize(4)
                        .allSatisfy(line -> assertThat(line)
                                .contains("a call that the handler made failed", "NOT_FOUND: downstream"));

                serve(
                        ending(() -> {
                                    throw failure.get();
                                })
                                .propagateStatuses(true)
                                .build(),
                        TtrpcServer.builder());
                everyKindAnswers("NOT_FOUND downstream");
            }
        }
    }

    @Test
    void handlersOwnExceptionAroundAClientCallsIsItsOwn() throws Exception {
        serveThrowing(() -> Status.ABORTED
                .withDescription("mine")
                .withCause(new TtrpcException(Status.NOT_FOUND, TtrpcException.Origin.PEER, null))
                .asException());
        everyKindAnswers("ABORTED mine");
    }

    @Test
    void realClientCallThatFailsInAHandlerIsUnknownUnlessPropagated() throws Exception {
        try (TtrpcServer downstream = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(Texts.blocking())
                        .build()
                        .start();
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address(downstream.addresses().get(0))
                        .build()) {
            for (boolean propagate : new boolean[] {false, true}) {
                ServiceDefinition service = ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(
                                Texts.ECHO,
                                request -> channel.unaryAsync(Texts.ECHO, "fail not here", CallOptions.DEFAULT))
                        .propagateStatuses(propagate)
                        .build();
                serve(service, TtrpcServer.builder());
                client.request(1, "Echo", "x");
                assertThat(client.read().words())
                        .isEqualTo("1 Response 0 " + (propagate ? "NOT_FOUND not here" : INTERNAL_ERROR));
            }
        }
    }

    // Throws anything else

    @Test
    void anyOtherThrowableIsUnknownAndLogged() throws Exception {
        for (Throwable failure : List.of(
                new IllegalStateException("secret"),
                new IOException("secret"),
                new Exception("secret"),
                new Error("secret"),
                new AssertionError("secret"),
                new StackOverflowError("secret"),
                new OutOfMemoryError("secret"),
                new NoClassDefFoundError("secret"),
                new ExceptionInInitializerError("secret"),
                new ThreadDeath(),
                new InterruptedException("secret"),
                new Throwable("secret"))) {
            serveThrowing(() -> failure);
            everyKindAnswers(INTERNAL_ERROR);
            assertThat(log.messages(Level.ERROR))
                    .hasSize(4)
                    .allSatisfy(line -> assertThat(line).contains("the handler failed"));
        }
    }

    @Test
    void stackThatReallyOverflowsEndsItsCallOnly() throws Exception {
        serve(HandlerEndsTests::overflow);
        everyKindAnswers(INTERNAL_ERROR);
        assertThat(server.connections()).isOne();
    }

    @SuppressWarnings("InfiniteRecursion") // that is the test
    private static String overflow() {
        return overflow() + "x";
    }

    @Test
    void textOfAFailureIsSentOnlyWhereConfigured() throws Exception {
        Body failing = () -> {
            throw new IllegalStateException("not so secret");
        };
        serve(ending(failing).build(), TtrpcServer.builder().exposeFailures(true));
        everyKindAnswers("UNKNOWN not so secret");
        serve(
                ending(() -> {
                            throw new CompletionException(new TtrpcException(
                                    Status.NOT_FOUND.withDescription("below"), TtrpcException.Origin.PEER, null));
                        })
                        .build(),
                TtrpcServer.builder().exposeFailures(true));
        everyKindAnswers("UNKNOWN NOT_FOUND: below");
    }

    @Test
    void timeoutsAndFailuresOfFilesHaveCodesOfTheirOwn() throws Exception {
        record Expected(Throwable thrown, StatusCode code) {}
        for (Expected expected : List.of(
                new Expected(new TimeoutException(), StatusCode.DEADLINE_EXCEEDED),
                new Expected(new CancellationException(), StatusCode.CANCELLED),
                new Expected(new NoSuchFileException("f"), StatusCode.NOT_FOUND),
                new Expected(new FileAlreadyExistsException("f"), StatusCode.ALREADY_EXISTS),
                new Expected(new AccessDeniedException("f"), StatusCode.PERMISSION_DENIED),
                new Expected(new CompletionException(new TimeoutException()), StatusCode.DEADLINE_EXCEEDED),
                new Expected(new ExecutionException(new NoSuchFileException("f")), StatusCode.NOT_FOUND))) {
            serveThrowing(expected::thrown);
            everyKindAnswers(expected.code() + " internal error");
            assertThat(log.messages(Level.ERROR)).hasSize(4);
        }
    }

    @Test
    void mappingOfFailuresCanBeReplaced() throws Exception {
        Body failing = () -> {
            throw new CompletionException(new IllegalArgumentException("bad"));
        };
        serve(
                ending(failing).build(),
                TtrpcServer.builder()
                        .failureMapper(failure -> failure instanceof IllegalArgumentException
                                ? Status.INVALID_ARGUMENT.withDescription("mapped: " + failure.getMessage())
                                : null));
        everyKindAnswers("INVALID_ARGUMENT mapped: bad");
        assertThat(log.messages(Level.ERROR)).hasSize(4);
        serve(ending(failing).build(), TtrpcServer.builder().failureMapper(failure -> Status.OK));
        everyKindAnswers(INTERNAL_ERROR);
        serve(ending(failing).build(), TtrpcServer.builder().failureMapper(failure -> {
            throw new IllegalStateException("a mapper");
        }));
        everyKindAnswers(INTERNAL_ERROR);
    }

    // Returns null

    @Test
    void nullForAnAnswerIsUnknown() throws Exception {
        serve(() -> null);
        for (Kind kind : new Kind[] {Kind.UNARY, Kind.CLIENT_STREAMING}) {
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read().words()).isEqualTo("1 Response 0 " + NIL);
        }
        nothingMore();
    }

    @Test
    void nullForAMessageOfAStreamEndsItBadly() throws Exception {
        serve(() -> null);
        for (Kind kind : new Kind[] {Kind.SERVER_STREAMING, Kind.BIDIRECTIONAL}) {
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read().words()).isEqualTo("1 Response 0 " + INTERNAL_ERROR);
        }
        nothingMore();
    }

    @Test
    void nullForAMessageEndsItsCallAlsoWhereThePublisherDoesNotCare() throws Exception {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Flow.Publisher<String> careless = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                try {
                    subscriber.onNext(null);
                } catch (NullPointerException ignored) {
                    return; // the rules of publishers ask for the exception
                }
            }

            @Override
            public void cancel() {
                cancelled.complete(true);
            }
        });
        ServiceDefinition.Builder builder =
                ServiceDefinition.builder(Texts.SERVICE).serverStreamingAsync(Texts.SPLIT, request -> careless);
        serve((way.onLoop() ? builder.onEventLoop() : builder).build(), TtrpcServer.builder());
        client.send(1, RawClient.REQUEST, 1, RawClient.requestBody(Texts.SERVICE, "Split", "x", 0));
        assertThat(client.read().words()).isEqualTo("1 Response 0 " + INTERNAL_ERROR);
        assertThat(cancelled.get()).isTrue();
        nothingMore();
    }

    @Test
    void nullForAStageOrPublisherIsUnknown() throws Exception {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(Texts.SERVICE)
                .unaryAsync(Texts.ECHO, request -> null)
                .serverStreamingAsync(Texts.SPLIT, request -> null)
                .clientStreamingAsync(Texts.JOIN, requests -> null)
                .bidiStreamingAsync(Texts.CHAT, requests -> null);
        serve((way.onLoop() ? builder.onEventLoop() : builder).build(), TtrpcServer.builder());
        everyKindAnswers(NIL);
    }

    // Answers more than the limit

    @Test
    void answerAboveTheLimitFailsItsCallOnly() throws Exception {
        serve(ending(() -> "x".repeat(4097)).build(), TtrpcServer.builder().maxMessageSize(4096));
        for (Kind kind : Kind.values()) {
            int length = kind.serverStreams() ? 4097 : 4100;
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read().words())
                    .isEqualTo("1 Response 0 RESOURCE_EXHAUSTED message length " + length
                            + " exceed maximum message size of 4096");
        }
        nothingMore();
    }

    @Test
    void answerThatCannotBeEncodedFailsItsCallOnly() throws Exception {
        Marshaller<String> broken = new Marshaller<>() {
            @Override
            public int size(String message) {
                return TextMarshaller.INSTANCE.size(message);
            }

            @Override
            public void write(String message, java.nio.ByteBuffer target) throws IOException {
                throw new IOException("broken");
            }

            @Override
            public String parse(java.nio.ByteBuffer source) throws IOException {
                return TextMarshaller.INSTANCE.parse(source);
            }
        };
        MethodDescriptor<String, String> echo =
                MethodDescriptor.unary(Texts.SERVICE, "Echo", TextMarshaller.INSTANCE, broken);
        MethodDescriptor<String, String> split =
                MethodDescriptor.serverStreaming(Texts.SERVICE, "Split", TextMarshaller.INSTANCE, broken);
        ServiceDefinition.Builder builder = ServiceDefinition.builder(Texts.SERVICE);
        Body answering = () -> "x";
        if (way.isAsync()) {
            builder.unaryAsync(echo, request -> stage(answering))
                    .serverStreamingAsync(split, request -> publisher(answering));
        } else {
            builder.unary(echo, request -> run(answering))
                    .serverStreaming(split, (request, writer) -> writer.write(run(answering)));
        }
        serve((way.onLoop() ? builder.onEventLoop() : builder).build(), TtrpcServer.builder());
        for (Kind kind : new Kind[] {Kind.UNARY, Kind.SERVER_STREAMING}) {
            client.send(1, RawClient.REQUEST, kind.flags, RawClient.requestBody(Texts.SERVICE, kind.method, "x", 0));
            assertThat(client.read().words())
                    .isEqualTo("1 Response 0 INTERNAL ttrpc: error marshaling payload: broken");
        }
        nothingMore();
    }

    // Never answers

    @Test
    void handlerThatNeverAnswersIsEndedByTheDeadline() throws Exception {
        HeldCalls held = new HeldCalls();
        Stack stack = way.isAsync() ? way.onLoop() ? Stack.ASYNC_ON_LOOP : Stack.ASYNC : Stack.valueOf(way.name());
        serve(held.service(stack), TtrpcServer.builder());
        long soon = Duration.ofMillis(20).toNanos();
        for (Kind kind : Kind.values()) {
            held.nextUntilDeadline(client, 1, kind, kind.flags, soon);
            assertThat(client.read().words()).isEqualTo("1 Response 0 DEADLINE_EXCEEDED context deadline exceeded");
        }
        nothingMore();
        held.release(server);
    }
}
