package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Metadata;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole calls, both stacks as client against both stacks as server. */
@ParameterizedClass(name = "{0}")
@MethodSource("servers")
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class CallsTests {
    @Parameter(0)
    String name;

    @Parameter(1)
    ServiceDefinition service;

    private TtrpcServer server;
    private TtrpcChannel channel;

    static Stream<Arguments> servers() {
        return Stream.of(
                Arguments.of("blocking", Texts.blocking()),
                Arguments.of("async", Texts.async(false)),
                Arguments.of("async on the event loop", Texts.async(true)));
    }

    @BeforeEach
    void start() throws Exception {
        String address = "tcp://127.0.0.1:0";
        server = TtrpcServer.builder().listen(address).service(service).build().start();
        channel = TtrpcChannel.builder().address(server.addresses().get(0)).build();
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
        assertThat(channel.liveCalls()).isZero();
        assertThat(server.liveCalls()).isZero();
    }

    @Test
    void unaryAnswers() throws Exception {
        assertThat(channel.unary(Texts.ECHO, "hello", CallOptions.DEFAULT)).isEqualTo("hello");
        assertThat(channel.unary(Texts.ECHO, "", CallOptions.DEFAULT)).isEmpty();
        assertThat(channel.unaryAsync(Texts.ECHO, "later", CallOptions.DEFAULT).get(10, TimeUnit.SECONDS))
                .isEqualTo("later");
    }

    @Test
    void largeMessagesArriveWhole() {
        String large = "x".repeat(3 << 20);
        assertThat(channel.unary(Texts.ECHO, large, CallOptions.DEFAULT)).isEqualTo(large);
    }

    @Test
    void messagesOverTheLimitAreRefusedBeforeTheyAreSent() {
        TtrpcException refused = catchThrowableOfType(
                TtrpcException.class, () -> channel.unary(Texts.ECHO, "x".repeat(4 << 20), CallOptions.DEFAULT));
        assertThat(refused.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(refused.status().description()).endsWith("exceed maximum message size of 4194304");
        assertThat(channel.unary(Texts.ECHO, "next", CallOptions.DEFAULT)).isEqualTo("next");
    }

    @Test
    void statusWithDetailsReachesTheCaller() {
        TtrpcException failed = catchThrowableOfType(
                TtrpcException.class, () -> channel.unary(Texts.ECHO, "fail no such thing", CallOptions.DEFAULT));
        assertThat(failed.status())
                .isEqualTo(Status.NOT_FOUND
                        .withDescription("no such thing")
                        .withDetails(List.of(new Status.Detail("example/type", new byte[] {1, 2}))));
        assertThat(failed.origin()).isEqualTo(TtrpcException.Origin.PEER);
    }

    @Test
    void textOfAnExceptionStaysHere() {
        assertStatus(
                () -> channel.unary(Texts.ECHO, "throw secret", CallOptions.DEFAULT),
                Status.UNKNOWN.withDescription("internal error"));
    }

    @Test
    void nullIsNoMessage() {
        assertStatus(
                () -> channel.unary(Texts.ECHO, "null", CallOptions.DEFAULT),
                Status.UNKNOWN.withDescription("ttrpc: marshal called with nil"));
    }

    @Test
    void messageThatDoesNotParseFailsItsCallOnly() {
        assertStatus(
                () -> channel.unary(Texts.ECHO, "unparsable", CallOptions.DEFAULT),
                Status.INTERNAL.withDescription("ttrpc: error unmarshalling payload: not a text"));
        assertThat(channel.unary(Texts.ECHO, "next", CallOptions.DEFAULT)).isEqualTo("next");
    }

    @Test
    void metadataKeepsItsOrder() {
        CallOptions options = CallOptions.DEFAULT.withMetadata(Metadata.builder()
                .add("Key", "one")
                .add("other", "x")
                .add("key", "two")
                .build());
        assertThat(channel.unary(Texts.ECHO, "metadata key", options)).isEqualTo("one,two");
    }

    @Test
    void deadlineEndsTheCallOnBothSides() {
        assertStatus(
                () -> channel.unary(Texts.ECHO, "hang", CallOptions.deadline(Duration.ofMillis(50))),
                Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
        org.awaitility.Awaitility.await().until(() -> server.liveCalls() == 0);
    }

    @Test
    void serverStreamEndsWell() throws Exception {
        try (MessageReader<String> words = channel.serverStreaming(Texts.SPLIT, "a b  c", CallOptions.DEFAULT)) {
            assertThat(words).containsExactly("a", "b", "", "c");
        }
        assertThat(Collector.collect(channel.serverStreamingAsync(Texts.SPLIT, "d e", CallOptions.DEFAULT)))
                .containsExactly("d", "e");
    }

    @Test
    void serverStreamDeliversWhatCameBeforeItsFailure() {
        List<String> words = new ArrayList<>();
        assertStatus(
                () -> channel.serverStreaming(Texts.SPLIT, "a b fail", CallOptions.DEFAULT)
                        .forEach(words::add),
                Status.ABORTED.withDescription("told to"));
        assertThat(words).containsExactly("a", "b");
        Collector<String> collector = new Collector<>();
        channel.serverStreamingAsync(Texts.SPLIT, "c fail", CallOptions.DEFAULT).subscribe(collector);
        assertThatThrownBy(collector::await).hasRootCauseInstanceOf(TtrpcException.class);
        assertThat(collector.received).containsExactly("c");
    }

    @Test
    void uploadIsAnsweredAfterItsEnd() throws Exception {
        try (UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT)) {
            upload.write("a");
            upload.write("");
            upload.write("b");
            assertThat(upload.finish()).isEqualTo("a  b");
        }
        SubmissionPublisher<String> words = new SubmissionPublisher<>();
        CompletableFuture<String> joined = channel.clientStreamingAsync(Texts.JOIN, words, CallOptions.DEFAULT);
        org.awaitility.Awaitility.await().until(words::hasSubscribers);
        words.submit("c");
        words.submit("d");
        words.close();
        assertThat(joined.get(10, TimeUnit.SECONDS)).isEqualTo("c d");
    }

    @Test
    void uploadMayBeAnsweredEarly() {
        UploadCall<String, String> upload = channel.clientStreaming(Texts.JOIN, CallOptions.DEFAULT);
        upload.write("a");
        upload.write("enough");
        org.awaitility.Awaitility.await().until(upload::isEnded);
        upload.write("ignored");
        assertThat(upload.finish()).isEqualTo("a");
    }

    @Test
    void chatAnswersEachMessageInOrder() throws Exception {
        DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        for (int i = 0; i < 1000; i++) {
            chat.write("m" + i);
            if (i % 2 == 0) {
                assertThat(chat.read()).isEqualTo("m" + i / 2);
            }
        }
        chat.finish();
        int next = 500;
        for (String text : chat) {
            assertThat(text).isEqualTo("m" + next++);
        }
        assertThat(next).isEqualTo(1000);
    }

    @Test
    void asyncChatAnswersEachMessageInOrder() throws Exception {
        List<String> sent =
                java.util.stream.IntStream.range(0, 5000).mapToObj(i -> "m" + i).toList();
        Flow.Publisher<String> requests = subscriber -> {
            SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
            publisher.subscribe(subscriber);
            new Thread(() -> {
                        sent.forEach(publisher::submit);
                        publisher.close();
                    })
                    .start();
        };
        assertThat(Collector.collect(channel.bidiStreamingAsync(Texts.CHAT, requests, CallOptions.DEFAULT)))
                .isEqualTo(sent);
    }

    @Test
    void unknownMethodIsUnimplemented() {
        dev.ttrpc.MethodDescriptor<String, String> missing = dev.ttrpc.MethodDescriptor.unary(
                Texts.SERVICE, "Missing", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
        assertStatus(
                () -> channel.unary(missing, "", CallOptions.DEFAULT),
                Status.UNIMPLEMENTED.withDescription("method Missing"));
        dev.ttrpc.MethodDescriptor<String, String> nowhere =
                dev.ttrpc.MethodDescriptor.unary("no.Service", "M", TextMarshaller.INSTANCE, TextMarshaller.INSTANCE);
        assertStatus(
                () -> channel.unary(nowhere, "", CallOptions.DEFAULT),
                Status.UNIMPLEMENTED.withDescription("service no.Service"));
    }

    @Test
    void manyCallsAtOnceAreEachAnsweredOnce() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(channel.unaryAsync(Texts.ECHO, "call " + i, CallOptions.DEFAULT));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("call " + i);
        }
    }

    @Test
    void cancellingTheFutureFreesTheCall() throws Exception {
        CompletableFuture<String> answer = channel.unaryAsync(Texts.ECHO, "hang", CallOptions.DEFAULT);
        answer.cancel(true);
        org.awaitility.Awaitility.await().until(() -> channel.liveCalls() == 0);
        assertThat(channel.unaryAsync(Texts.ECHO, "next", CallOptions.DEFAULT).get(10, TimeUnit.SECONDS))
                .isEqualTo("next");
    }

    @Test
    void lostConnectionFailsWhatRunsAndTheNextCallConnectsAgain() throws Exception {
        assertThat(channel.unary(Texts.ECHO, "one", CallOptions.DEFAULT)).isEqualTo("one");
        dev.ttrpc.TtrpcAddress address = server.addresses().get(0);
        server.close();
        org.awaitility.Awaitility.await().until(() -> channel.state() != dev.ttrpc.client.ChannelState.READY);
        TtrpcException absent =
                catchThrowableOfType(TtrpcException.class, () -> channel.unary(Texts.ECHO, "two", CallOptions.DEFAULT));
        assertThat(absent).isInstanceOf(dev.ttrpc.ConnectionLostException.class);
        assertThat(((dev.ttrpc.ConnectionLostException) absent).neverSent()).isTrue();
        assertThat(absent).hasMessageContaining(address.toString());
        server = TtrpcServer.builder()
                .listen(address.toString())
                .service(service)
                .build()
                .start();
        assertThat(channel.unary(
                        Texts.ECHO,
                        "three",
                        CallOptions.deadline(Duration.ofSeconds(10)).withWaitForReady(true)))
                .isEqualTo("three");
    }

    @Test
    void drainLetsRunningCallsFinish() throws Exception {
        DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        chat.write("before");
        assertThat(chat.read()).isEqualTo("before");
        CompletableFuture<Integer> drained = server.shutdown(Duration.ofSeconds(10));
        chat.write("during");
        assertThat(chat.read()).isEqualTo("during");
        assertThat(drained).isNotDone();
        chat.finish();
        assertThat(chat.read()).isNull();
        assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void endOfTheGraceCutsOffTheRest() throws Exception {
        DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        chat.write("before");
        assertThat(chat.read()).isEqualTo("before");
        assertThat(server.shutdown(Duration.ofMillis(50)).get(10, TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThatThrownBy(chat::read).isInstanceOf(TtrpcException.class);
    }

    private static void assertStatus(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Status expected) {
        TtrpcException failure = catchThrowableOfType(TtrpcException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(expected);
    }
}
