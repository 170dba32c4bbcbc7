package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.CallContext;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.Metadata;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interceptors of both sides, around both contracts. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class InterceptorTests {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private TtrpcServer server;
    private TtrpcChannel channel;

    static Stream<ServiceDefinition> services() {
        return Stream.of(Texts.blocking(), Texts.async(false), Texts.async(true));
    }

    private void start(ServiceDefinition service, ServerInterceptor[] ofServer, ClientInterceptor[] ofClient)
            throws Exception {
        server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(service)
                .intercept(ofServer)
                .build()
                .start();
        channel = TtrpcChannel.builder()
                .address(server.addresses().get(0))
                .intercept(ofClient)
                .build();
    }

    private void serve(ServiceDefinition service, ServerInterceptor... interceptors) throws Exception {
        start(service, interceptors, new ClientInterceptor[0]);
    }

    private void call(ClientInterceptor... interceptors) throws Exception {
        start(Texts.blocking(), new ServerInterceptor[0], interceptors);
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    private ServerInterceptor logging(String name) {
        return (call, next) -> {
            log.add(name + " in");
            call.onEnd(status -> log.add(name + " " + status));
            try {
                next.proceed(call);
            } finally {
                log.add(name + " out");
            }
        };
    }

    @Test
    void callsOnAClosedChannelPassTheInterceptorsToo() throws Exception {
        List<Status> ends = new CopyOnWriteArrayList<>();
        call((call, next) -> {
            call.onEnd(ends::add);
            next.proceed(call);
        });
        channel.close();
        assertThatExceptionOfType(ConnectionLostException.class)
                .isThrownBy(() -> channel.unary(Texts.ECHO, "a", CallOptions.DEFAULT));
        assertThat(channel.unaryAsync(Texts.ECHO, "a", CallOptions.DEFAULT)).isCompletedExceptionally();
        assertThat(ends).extracting(Status::code).containsExactly(StatusCode.UNAVAILABLE, StatusCode.UNAVAILABLE);
        assertThat(channel.liveCalls()).isZero();
    }

    @Test
    void serverInterceptorsStandAroundTheHandlerInTheirOrder() throws Exception {
        serve(
                ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> {
                            log.add("handler");
                            return text;
                        })
                        .intercept(logging("inner"))
                        .build(),
                logging("outer"));
        assertThat(channel.unary(Texts.ECHO, "x", CallOptions.DEFAULT)).isEqualTo("x");
        Awaitility.await().until(() -> log.size() == 7);
        assertThat(log.subList(0, 5)).containsExactly("outer in", "inner in", "handler", "inner out", "outer out");
        assertThat(log.subList(5, 7)).containsExactly("outer OK", "inner OK");
    }

    @ParameterizedTest
    @MethodSource("services")
    void endIsToldOnceWithTheFinalStatus(ServiceDefinition service) throws Exception {
        serve(service, (call, next) -> {
            call.mapFailure(failure -> failure instanceof IllegalStateException
                    ? Status.FAILED_PRECONDITION.withDescription("mapped").asException()
                    : failure);
            call.onEnd(status -> log.add(status + " " + (status.cause() == null ? "" : "with its cause")));
            next.proceed(call);
        });
        TtrpcException failure = catchThrowableOfType(
                TtrpcException.class, () -> channel.unary(Texts.ECHO, "throw secret", CallOptions.DEFAULT));
        assertThat(failure.status()).isEqualTo(Status.FAILED_PRECONDITION.withDescription("mapped"));
        Awaitility.await().until(() -> !log.isEmpty());
        assertThat(log).containsExactly("FAILED_PRECONDITION: mapped with its cause");
    }

    @ParameterizedTest
    @MethodSource("services")
    void interceptorMayEndTheCallInsteadOfTheHandler(ServiceDefinition service) throws Exception {
        serve(service, (call, next) -> call.end(Status.PERMISSION_DENIED.withDescription("no")));
        TtrpcException failure =
                catchThrowableOfType(TtrpcException.class, () -> channel.unary(Texts.ECHO, "x", CallOptions.DEFAULT));
        assertThat(failure.status()).isEqualTo(Status.PERMISSION_DENIED.withDescription("no"));
    }

    @Test
    void interceptorThatDoesNothingFailsTheCall() throws Exception {
        serve(Texts.blocking(), (call, next) -> log.add("lazy"));
        TtrpcException failure =
                catchThrowableOfType(TtrpcException.class, () -> channel.unary(Texts.ECHO, "x", CallOptions.DEFAULT));
        assertThat(failure.status()).isEqualTo(Status.UNKNOWN.withDescription("internal error"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void messageHooksSeeEachMessage(ServiceDefinition service) throws Exception {
        serve(service, (call, next) -> {
            call.onReceived(message -> log.add("received " + message));
            call.onSent(message -> log.add("sent " + message));
            next.proceed(call);
        });
        assertThat(channel.serverStreaming(Texts.SPLIT, "a b", CallOptions.DEFAULT))
                .containsExactly("a", "b");
        assertThat(log).containsExactly("received a b", "sent a", "sent b");
    }

    @Test
    void blockingHandlerSeesItsContextAndCarriesItOn() throws Exception {
        serve(ServiceDefinition.builder(Texts.SERVICE)
                .unary(Texts.ECHO, text -> {
                    CallContext context = Objects.requireNonNull(CallContext.current());
                    List<String> seen = new ArrayList<>();
                    Thread other = new Thread(context.wrap(() -> seen.add(Objects.requireNonNull(CallContext.current())
                            .metadata()
                            .get("k"))));
                    other.start();
                    other.join();
                    return context.method().fullName() + " " + seen + " "
                            + context.peer().address().startsWith("tcp://127.0.0.1:");
                })
                .build());
        assertThat(channel.unary(Texts.ECHO, "x", CallOptions.metadata("K", "v")))
                .isEqualTo("test.Texts/Echo [v] true");
        assertThat(CallContext.current()).isNull();
    }

    @Test
    void clientInterceptorSeesOneCallWithItsFinalStatus() throws Exception {
        call((call, next) -> {
            call.onSent(message -> log.add("sent " + message));
            call.onReceived(message -> log.add("received " + message));
            call.onEnd(status -> log.add("end " + status));
            call.setMetadata(call.metadata().plus(Metadata.of("added", "yes")));
            next.proceed(call);
        });
        assertThat(channel.unary(Texts.ECHO, "metadata added", CallOptions.DEFAULT))
                .isEqualTo("yes");
        assertThat(log).containsExactly("sent metadata added", "received yes", "end OK");
        log.clear();
        assertThat(channel.unaryAsync(Texts.ECHO, "fail x", CallOptions.DEFAULT))
                .failsWithin(10, TimeUnit.SECONDS);
        assertThat(log).containsExactly("sent fail x", "end NOT_FOUND: x");
        log.clear();
        assertThat(channel.serverStreaming(Texts.SPLIT, "a", CallOptions.DEFAULT))
                .containsExactly("a");
        Awaitility.await().until(() -> log.size() == 3);
        assertThat(log).containsExactlyInAnyOrder("sent a", "received a", "end OK");
    }

    @Test
    void clientInterceptorMayEndTheCallBeforeItBegins() throws Exception {
        call((call, next) -> call.end(Status.UNAUTHENTICATED.withDescription("no token")));
        Status expected = Status.UNAUTHENTICATED.withDescription("no token");
        assertThat(catchThrowableOfType(TtrpcException.class, () -> channel.unary(Texts.ECHO, "x", CallOptions.DEFAULT))
                        .status())
                .isEqualTo(expected);
        assertThat(catchThrowableOfType(
                                TtrpcException.class, () -> channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT))
                        .status())
                .isEqualTo(expected);
        assertThat(channel.unaryAsync(Texts.ECHO, "x", CallOptions.DEFAULT)).isCompletedExceptionally();
        Collector<String> collector = new Collector<>();
        channel.serverStreamingAsync(Texts.SPLIT, "x", CallOptions.DEFAULT).subscribe(collector);
        assertThat(catchThrowableOfType(Exception.class, collector::await)).hasRootCauseMessage(expected.toString());
        assertThat(channel.liveCalls()).isZero();
        assertThat(server.connections()).isZero();
    }

    @Test
    void drainIsToldToHandlersThatAsk() throws Exception {
        serve(ServiceDefinition.builder(Texts.SERVICE)
                .unary(Texts.ECHO, text -> {
                    java.util.concurrent.CountDownLatch drained = new java.util.concurrent.CountDownLatch(1);
                    Objects.requireNonNull(CallContext.current()).onDrain(drained::countDown);
                    log.add("waits");
                    drained.await();
                    return "drained";
                })
                .build());
        java.util.concurrent.CompletableFuture<String> answer =
                channel.unaryAsync(Texts.ECHO, "x", CallOptions.DEFAULT);
        Awaitility.await().until(() -> !log.isEmpty());
        assertThat(server.shutdown(java.time.Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("drained");
    }
}
