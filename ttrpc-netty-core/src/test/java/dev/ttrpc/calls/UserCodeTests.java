package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.CallContext;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the code of users throws, and wherever, ends one call and leaves the connection to the others. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class UserCodeTests {
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    private TtrpcServer serve(TtrpcServer.Builder builder, ServiceDefinition service) throws Exception {
        TtrpcServer server =
                builder.listen("tcp://127.0.0.1:0").service(service).build().start();
        closed.add(server);
        return server;
    }

    private TtrpcChannel connect(TtrpcServer server, TtrpcChannel.Builder builder) {
        TtrpcChannel channel = builder.address(server.addresses().get(0)).build();
        closed.add(channel);
        return channel;
    }

    private static TtrpcException failureOf(CompletableFuture<?> call) {
        return catchThrowableOfType(TtrpcException.class, () -> {
            try {
                call.get(10, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void mapperThatThrowsIsNoMapper() throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder().failureMapper(failure -> {
                    throw new IllegalStateException("a mapper");
                }),
                Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcException failure = failureOf(channel.unaryAsync(Texts.ECHO, "throw it", CallOptions.DEFAULT));
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNKNOWN);
    }

    @Test
    void predicateThatThrowsFailsItsCallOnly() throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(Texts.ECHO, CompletableFuture::completedFuture)
                        .onEventLoop(Texts.ECHO, (String request) -> {
                            if (request.equals("bad")) {
                                throw new IllegalStateException("a predicate");
                            }
                            return true;
                        })
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcException failure = failureOf(channel.unaryAsync(Texts.ECHO, "bad", CallOptions.DEFAULT));
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(failure).isNotInstanceOf(ConnectionLostException.class);
    }

    @Test
    void handlerWithoutEndOnTheEventLoopFailsItsCallOnly() throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(Texts.ECHO, request -> {
                            throw new StackOverflowError();
                        })
                        .onEventLoop()
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcException failure = failureOf(channel.unaryAsync(Texts.ECHO, "deep", CallOptions.DEFAULT));
        assertThat(failure).isNotInstanceOf(ConnectionLostException.class);
        assertThat(server.connections()).isOne();
    }

    private static final class Silent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    void failureThatCannotTellItsMessageFailsItsCallOnly() throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, request -> {
                            throw new Silent();
                        })
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcException failure = failureOf(channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT));
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(failure.status().description()).isEqualTo("internal error");
        assertThat(server.liveCalls()).isZero();
    }

    @Test
    void publisherOfRequestsWhoseFailureCannotTellItsMessageFailsItsCall() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcException failure = failureOf(channel.clientStreamingAsync(
                Texts.JOIN,
                subscriber -> {
                    subscriber.onSubscribe(new java.util.concurrent.Flow.Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {}
                    });
                    subscriber.onError(new Silent());
                },
                CallOptions.DEFAULT));
        assertThat(failure.status().code()).isEqualTo(StatusCode.CANCELLED);
    }

    @Test
    void hookOfALateAnswerThatThrowsFailsItsCall() throws Exception {
        CompletableFuture<String> late = new CompletableFuture<>();
        TtrpcServer server = serve(
                TtrpcServer.builder().intercept((call, next) -> {
                    call.onSent(message -> {
                        throw new IllegalStateException("a hook");
                    });
                    next.proceed(call);
                }),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(Texts.ECHO, request -> late)
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT);
        Awaitility.await().until(() -> server.liveCalls() == 1);
        late.complete("late");
        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.UNKNOWN);
    }

    /** Writes and parses "error" with an Error, at any length. */
    private static final Marshaller<String> FRAGILE = new Marshaller<>() {
        @Override
        public int size(String message) {
            return TextMarshaller.INSTANCE.size(message);
        }

        @Override
        public void write(String message, ByteBuffer target) {
            if (message.startsWith("error")) {
                throw new NoClassDefFoundError("of a message");
            }
            TextMarshaller.INSTANCE.write(message, target);
        }

        @Override
        public String parse(ByteBuffer source) throws IOException {
            String text = TextMarshaller.INSTANCE.parse(source);
            if (text.equals("no class")) {
                throw new NoClassDefFoundError("of a message");
            }
            return text.equals("null") ? null : text;
        }
    };

    private static final MethodDescriptor<String, String> ANSWERS_FRAGILE =
            MethodDescriptor.unary(Texts.SERVICE, "Echo", TextMarshaller.INSTANCE, FRAGILE);
    private static final MethodDescriptor<String, String> ASKS_FRAGILE =
            MethodDescriptor.unary(Texts.SERVICE, "Echo", FRAGILE, TextMarshaller.INSTANCE);

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void answerWhoseClassIsBrokenFailsItsCallOnly(int more) throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(ANSWERS_FRAGILE, request -> request)
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> broken =
                channel.unaryAsync(Texts.ECHO, "error" + "x".repeat(more), CallOptions.DEFAULT);
        assertThat(failureOf(broken).status().code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(channel.unaryAsync(Texts.ECHO, "beside", CallOptions.DEFAULT).get(10, TimeUnit.SECONDS))
                .isEqualTo("beside");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void requestWhoseClassIsBrokenFailsItsCallOnly(int more) throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> broken =
                channel.unaryAsync(ASKS_FRAGILE, "error" + "x".repeat(more), CallOptions.DEFAULT);
        assertThat(failureOf(broken).status().code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(channel.unaryAsync(Texts.ECHO, "beside", CallOptions.DEFAULT).get(10, TimeUnit.SECONDS))
                .isEqualTo("beside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no class", "null"})
    void answerThatCannotBeParsedFailsItsCallOnly(String answer) throws Exception {
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, request -> request)
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        assertThat(failureOf(channel.unaryAsync(ANSWERS_FRAGILE, answer, CallOptions.DEFAULT))
                        .status()
                        .code())
                .isEqualTo(StatusCode.INTERNAL);
        assertThat(server.connections()).isOne();
        assertThat(channel.liveCalls()).isZero();
    }

    @Test
    void clientHookThatThrowsFailsItsCallOnly() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().intercept((call, next) -> {
            call.onReceived(message -> {
                if (message.equals("bad")) {
                    throw new IllegalStateException("a hook");
                }
            });
            next.proceed(call);
        }));
        CompletableFuture<String> hanging =
                channel.unaryAsync(Texts.ECHO, "hang", CallOptions.deadline(Duration.ofSeconds(20)));
        assertThatThrownBy(() -> channel.unaryAsync(Texts.ECHO, "bad", CallOptions.DEFAULT)
                        .get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("a hook");
        assertThatThrownBy(() -> channel.unary(Texts.ECHO, "bad", CallOptions.DEFAULT))
                .hasMessage("a hook");
        assertThat(hanging).isNotDone();
        hanging.cancel(false);
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }

    @Test
    void answerThatAnInterceptorDoesNotLetThroughIsReleased() throws Exception {
        TtrpcServer server = serve(TtrpcServer.builder(), Texts.blocking());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder().intercept((call, next) -> {
            next.proceed(call);
            throw new IllegalStateException("an interceptor");
        }));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> channel.unary(Texts.ECHO, "repeat 100000", CallOptions.DEFAULT))
                    .hasMessage("an interceptor");
        }
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }

    @Test
    void callOnBehalfOfACancelledOneEndsWhereverItIsMade() throws Exception {
        CompletableFuture<CallContext> context = new CompletableFuture<>();
        ServiceDefinition keepsContext = ServiceDefinition.builder(Texts.SERVICE)
                .unaryAsync(Texts.ECHO, request -> {
                    if (request.equals("keep")) {
                        context.complete(Objects.requireNonNull(CallContext.current()));
                        return new CompletableFuture<>();
                    }
                    return CompletableFuture.completedFuture(request);
                })
                .build();
        TtrpcServer server = serve(TtrpcServer.builder(), keepsContext);
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        TtrpcChannel lost = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> kept = lost.unaryAsync(Texts.ECHO, "keep", CallOptions.DEFAULT);
        CallContext cancelled = context.get(10, TimeUnit.SECONDS);
        lost.close();
        assertThat(failureOf(kept)).isInstanceOf(ConnectionLostException.class);
        Awaitility.await().until(cancelled::isCancelled);
        CallOptions options = CallOptions.from(cancelled, CallOptions.CANCELLATION);
        CompletableFuture<String> onTheLoop = channel.unaryAsync(Texts.ECHO, "first", CallOptions.DEFAULT)
                .thenCompose(first -> channel.unaryAsync(Texts.ECHO, "second", options));
        assertThat(onTheLoop).failsWithin(Duration.ofSeconds(10));
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }

    @Test
    void callThatWasCutOffIsNotSentAgain() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        TtrpcServer server = serve(
                TtrpcServer.builder(),
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(Texts.ECHO, request -> {
                            running.countDown();
                            return new CompletableFuture<>();
                        })
                        .build());
        TtrpcChannel channel = connect(server, TtrpcChannel.builder());
        CompletableFuture<String> call = channel.unaryAsync(Texts.ECHO, "once", CallOptions.DEFAULT);
        running.await();
        server.close();
        TtrpcException failure = failureOf(call);
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failure).isNotInstanceOf(ConnectionLostException.class);
    }
}
