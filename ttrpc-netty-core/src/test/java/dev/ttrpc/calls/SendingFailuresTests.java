package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What hooks and marshallers throw while a message is sent is what their handler throws: one rule, whatever the contract. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class SendingFailuresTests {
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closed.size() - 1; i >= 0; i--) {
            closed.get(i).close();
        }
    }

    /** Refuses to tell the size of "no size". */
    private static final Marshaller<String> SIZELESS = new Marshaller<>() {
        @Override
        public int size(String message) {
            if (message.equals("no size")) {
                throw new IllegalStateException("a secret of this process");
            }
            return TextMarshaller.INSTANCE.size(message);
        }

        @Override
        public void write(String message, ByteBuffer target) {
            TextMarshaller.INSTANCE.write(message, target);
        }

        @Override
        public String parse(ByteBuffer source) throws java.io.IOException {
            return TextMarshaller.INSTANCE.parse(source);
        }
    };

    private static final MethodDescriptor<String, String> ECHO =
            MethodDescriptor.unary(Texts.SERVICE, "Echo", TextMarshaller.INSTANCE, SIZELESS);
    private static final MethodDescriptor<String, String> SPLIT =
            MethodDescriptor.serverStreaming(Texts.SERVICE, "Split", TextMarshaller.INSTANCE, SIZELESS);

    private RawClient serve(ServiceDefinition.Builder service, ServerInterceptor... interceptors) throws Exception {
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .intercept(interceptors)
                .service(service.build())
                .build()
                .start();
        closed.add(server);
        RawClient client = new RawClient(server.addresses().get(0));
        closed.add(client);
        return client;
    }

    /** One that publishes a message when asked, and tells when it is cancelled. */
    private static Flow.Publisher<String> one(String message, CompletableFuture<Void> cancelled) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                subscriber.onNext(message);
            }

            @Override
            public void cancel() {
                cancelled.complete(null);
            }
        });
    }

    private static void assertInternalError(RawClient.Frame answer) {
        assertThat(answer.code()).isEqualTo(StatusCode.UNKNOWN.value());
        assertThat(answer.text()).contains("internal error").doesNotContain("secret");
    }

    @Test
    void sizeThatCannotBeToldIsItsHandlersFailure() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        RawClient client = serve(ServiceDefinition.builder(Texts.SERVICE)
                .unary(ECHO, text -> "no size")
                .serverStreamingAsync(SPLIT, text -> one("no size", cancelled)));
        client.request(1, "Echo", "a");
        assertInternalError(client.read());
        client.request(3, "Split", "a");
        assertInternalError(client.read());
        cancelled.get(10, TimeUnit.SECONDS);
    }

    @Test
    void hookThatFailsIsItsHandlersFailure() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        RawClient client = serve(
                ServiceDefinition.builder(Texts.SERVICE)
                        .unaryAsync(ECHO, text -> CompletableFuture.completedFuture("late"))
                        .serverStreamingAsync(SPLIT, text -> one(text, cancelled)),
                (call, next) -> {
                    call.onSent(message -> {
                        if (message.equals("refused")) {
                            throw Status.PERMISSION_DENIED
                                    .withDescription("not this one")
                                    .asException();
                        }
                        throw new IllegalStateException("a secret of this process");
                    });
                    next.proceed(call);
                });
        client.request(1, "Echo", "a");
        assertInternalError(client.read());
        client.request(3, "Split", "a");
        assertInternalError(client.read());
        cancelled.get(10, TimeUnit.SECONDS);
        client.request(5, "Split", "refused");
        assertThat(client.read().code()).isEqualTo(StatusCode.PERMISSION_DENIED.value());
    }

    @Test
    void publishedMessageOverTheLimitEndsTheStreamWithThat() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        RawClient client = serve(ServiceDefinition.builder(Texts.SERVICE)
                .serverStreamingAsync(SPLIT, text -> one("x".repeat((4 << 20) + 1), cancelled)));
        client.request(1, "Split", "a");
        RawClient.Frame answer = client.read();
        assertThat(answer.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(answer.text()).contains("message length 4194305 exceed maximum message size of 4194304");
        cancelled.get(10, TimeUnit.SECONDS);
    }

    @Test
    void requestWhoseSizeCannotBeToldCancelsItsCallAndItsPublisher() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        TtrpcServer server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(Texts.blocking())
                .build()
                .start();
        closed.add(server);
        TtrpcChannel channel =
                TtrpcChannel.builder().address(server.addresses().get(0)).build();
        closed.add(channel);
        MethodDescriptor<String, String> join =
                MethodDescriptor.clientStreaming(Texts.SERVICE, "Join", SIZELESS, TextMarshaller.INSTANCE);
        CompletableFuture<String> answer =
                channel.clientStreamingAsync(join, one("no size", cancelled), CallOptions.DEFAULT);
        cancelled.get(10, TimeUnit.SECONDS);
        assertThat(answer)
                .failsWithin(java.time.Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TtrpcException.class);
        Awaitility.await().until(() -> channel.liveCalls() == 0);
    }
}
