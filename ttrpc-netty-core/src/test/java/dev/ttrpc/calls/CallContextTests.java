package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ttrpc.CallContext;
import dev.ttrpc.Metadata;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler knows of its call, whatever kind of handler it is and wherever it runs. */
@ParameterizedClass
@EnumSource(CallContextTests.Kind.class)
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class CallContextTests {
    private static final String SERVICE = "test.Contexts";
    private static final MethodDescriptor<String, String> UNARY =
            MethodDescriptor.unary(SERVICE, "Unary", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> SOURCE =
            MethodDescriptor.serverStreaming(SERVICE, "Source", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> SINK =
            MethodDescriptor.clientStreaming(SERVICE, "Sink", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
    private static final MethodDescriptor<String, String> CHAT =
            MethodDescriptor.bidiStreaming(SERVICE, "Chat", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);

    enum Kind {
        BLOCKING,
        BLOCKING_ON_EVENT_LOOP,
        ASYNC,
        ASYNC_ON_EVENT_LOOP
    }

    @Parameter
    Kind kind;

    @TempDir
    private Path directory;

    /** The contexts that handlers saw, one for each call. */
    private final BlockingQueue<CallContext> seen = new LinkedBlockingQueue<>();

    private TtrpcServer server;
    private TtrpcChannel channel;

    @BeforeEach
    void start() throws Exception {
        TtrpcAddress address =
                new TtrpcAddress.Unix(directory.resolve("contexts").toString());
        ServiceDefinition.Builder service = ServiceDefinition.builder(SERVICE);
        if (kind == Kind.BLOCKING || kind == Kind.BLOCKING_ON_EVENT_LOOP) {
            service.unary(UNARY, this::unary)
                    .serverStreaming(SOURCE, (text, out) -> out.write(unary(text)))
                    .clientStreaming(SINK, in -> unary(Objects.requireNonNull(in.read())))
                    .bidiStreaming(CHAT, (in, out) -> out.write(unary(Objects.requireNonNull(in.read()))));
        } else {
            service.unaryAsync(UNARY, this::unaryAsync)
                    .serverStreamingAsync(SOURCE, text -> single(unaryAsync(text)))
                    .clientStreamingAsync(SINK, in -> unaryAsync("hi"))
                    .bidiStreamingAsync(CHAT, in -> single(unaryAsync("hi")));
        }
        if (kind == Kind.BLOCKING_ON_EVENT_LOOP || kind == Kind.ASYNC_ON_EVENT_LOOP) {
            service.onEventLoop();
        }
        server = TtrpcServer.builder()
                .listen(address.toString())
                .service(service.build())
                .build()
                .start();
        channel = TtrpcChannel.builder().address(address).build();
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    private String unary(String text) throws InterruptedException {
        CallContext context = Objects.requireNonNull(CallContext.current());
        seen.add(context);
        if (text.equals("hang") && kind == Kind.BLOCKING) {
            CompletableFuture<Status> cancelled = new CompletableFuture<>();
            context.onCancel(cancelled::complete);
            cancelled.join();
        }
        return text;
    }

    private CompletableFuture<String> unaryAsync(String text) {
        seen.add(Objects.requireNonNull(CallContext.current()));
        return text.equals("hang") ? new CompletableFuture<>() : CompletableFuture.completedFuture(text);
    }

    private static Flow.Publisher<String> single(CompletableFuture<String> text) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private final AtomicBoolean over = new AtomicBoolean();

            @Override
            public void request(long n) {
                if (over.compareAndSet(false, true)) {
                    subscriber.onNext(text.join());
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                over.set(true);
            }
        });
    }

    /** Makes one call of each kind of method. */
    private void callAll(CallOptions options) throws Exception {
        assertThat(channel.unary(UNARY, "hi", options)).isEqualTo("hi");
        assertThat(channel.serverStreaming(SOURCE, "hi", options)).containsExactly("hi");
        try (UploadCall<String, String> upload = channel.clientStreaming(SINK, options)) {
            upload.write("hi");
            assertThat(upload.finish()).isEqualTo("hi");
        }
        try (DuplexCall<String, String> chat = channel.bidiStreaming(CHAT, options)) {
            chat.write("hi");
            chat.finish();
            assertThat(chat).containsExactly("hi");
        }
    }

    private CallContext next() throws InterruptedException {
        return Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void everyMethodKnowsItsCall() throws Exception {
        CallOptions options = CallOptions.deadline(Duration.ofMinutes(5))
                .withMetadata(Metadata.builder().add("Key", "value").build());
        callAll(options);
        for (MethodDescriptor<?, ?> method :
                Stream.of(UNARY, SOURCE, SINK, CHAT).toList()) {
            CallContext context = next();
            assertThat(context.method()).isSameAs(method);
            assertThat(context.metadata().getAll("key")).containsExactly("value");
            assertThat(Objects.requireNonNull(context.deadline()).remainingNanos())
                    .isBetween(TimeUnit.MINUTES.toNanos(3), TimeUnit.MINUTES.toNanos(5));
            assertThat(Objects.requireNonNull(context.peer().credentials()).pid())
                    .isEqualTo((int) ProcessHandle.current().pid());
            assertThat(context.isDraining()).isFalse();
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void aCallWithoutADeadlineHasNone() throws Exception {
        channel.unary(UNARY, "hi", CallOptions.DEFAULT);
        assertThat(next().deadline()).isNull();
    }

    @Test
    void aCallThatEndedWellIsNeverCancelled() throws Exception {
        callAll(CallOptions.DEFAULT);
        channel.close();
        Awaitility.await().until(() -> server.connections() == 0);
        AtomicReference<Status> reason = new AtomicReference<>();
        for (int i = 0; i < 4; i++) {
            CallContext context = next();
            context.onCancel(reason::set);
            assertThat(context.isCancelled()).isFalse();
        }
        assertThat(reason).hasNullValue();
    }

    @Test
    void theDeadlineCancelsWithItsStatus() throws Exception {
        if (kind == Kind.BLOCKING_ON_EVENT_LOOP) {
            return; // it never waits, so nothing cancels it
        }
        for (long millis = 50; seen.isEmpty(); millis *= 4) { // until it passes behind the beginning
            CallOptions soon = CallOptions.deadline(Duration.ofMillis(millis));
            assertThatThrownBy(() -> channel.unary(UNARY, "hang", soon)).isInstanceOf(TtrpcException.class);
        }
        CallContext context = next();
        CompletableFuture<Status> reason = new CompletableFuture<>();
        context.onCancel(reason::complete);
        assertThat(reason.get(10, TimeUnit.SECONDS).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(context.isCancelled()).isTrue();
    }

    @Test
    void aLostConnectionCancels() throws Exception {
        if (kind == Kind.BLOCKING_ON_EVENT_LOOP) {
            return; // it never waits, so nothing cancels it
        }
        CompletableFuture<String> answer = channel.unaryAsync(UNARY, "hang", CallOptions.DEFAULT);
        CallContext context = next();
        channel.close();
        CompletableFuture<Status> reason = new CompletableFuture<>();
        context.onCancel(reason::complete);
        assertThat(reason.get(10, TimeUnit.SECONDS).code()).isEqualTo(StatusCode.CANCELLED);
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void attributesBelongToOneCall() throws Exception {
        channel.unary(UNARY, "hi", CallOptions.DEFAULT);
        channel.unary(UNARY, "hi", CallOptions.DEFAULT);
        CallContext one = next();
        CallContext two = next();
        assertThat(one).isNotSameAs(two);
        assertThat(one.attributes()).isSameAs(one.attributes()).isNotSameAs(two.attributes());
    }

    @Test
    void itIsCurrentDuringTheMethodAndWhereItIsCarried() throws Exception {
        channel.unary(UNARY, "hi", CallOptions.DEFAULT);
        CallContext context = next();
        assertThat(CallContext.current()).isNull();
        AtomicReference<CallContext> within = new AtomicReference<>();
        Runnable wrapped = context.wrap(() -> within.set(CallContext.current()));
        wrapped.run();
        assertThat(within).hasValue(context);
        assertThat(CallContext.current()).isNull();
        assertThatThrownBy(() -> context.wrap(() -> {
                            throw new IllegalStateException("user code");
                        })
                        .run())
                .hasMessage("user code");
        assertThat(CallContext.current()).isNull();
    }

    @Test
    void aWrappedTaskWithinAnotherCallGivesThatCallBack() throws Exception {
        channel.unary(UNARY, "one", CallOptions.DEFAULT);
        channel.unary(UNARY, "two", CallOptions.DEFAULT);
        CallContext one = next();
        CallContext two = next();
        AtomicReference<CallContext> inner = new AtomicReference<>();
        AtomicReference<CallContext> after = new AtomicReference<>();
        one.wrap(() -> {
                    two.wrap(() -> inner.set(CallContext.current())).run();
                    after.set(CallContext.current());
                })
                .run();
        assertThat(inner).hasValue(two);
        assertThat(after).hasValue(one);
    }
}
