package dev.ttrpc.verification.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.verification.greeter.Greeter;
import dev.ttrpc.verification.greeter.GreeterAsync;
import dev.ttrpc.verification.greeter.GreeterAsyncClient;
import dev.ttrpc.verification.greeter.GreeterClient;
import dev.ttrpc.verification.greeter.GreeterTtrpc;
import dev.ttrpc.verification.greeter.HelloReply;
import dev.ttrpc.verification.greeter.HelloRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated code as a user writes against it, over a unix socket. */
class GreeterTests {
    @TempDir
    private Path folder;

    @Test
    void blockingService() throws Exception {
        serve(GreeterTtrpc.bind(new BlockingGreeter()), this::callBlocking);
    }

    @Test
    void asyncService() throws Exception {
        serve(
                GreeterTtrpc.bind(new AsyncGreeter(), options -> options.onEventLoop(GreeterTtrpc.SAY_HELLO)),
                this::callBlocking);
    }

    @Test
    void asyncClient() throws Exception {
        serve(GreeterTtrpc.bind(new BlockingGreeter()), channel -> {
            GreeterAsyncClient greeter = GreeterTtrpc.asyncClient(channel);

            assertThat(get(greeter.sayHello(request("Ada")))).isEqualTo(reply("Hello Ada"));
            assertThat(get(Publishers.collect(greeter.lotsOfReplies(request("Bo")))))
                    .containsExactly(reply("B"), reply("o"));
            assertThat(get(greeter.lotsOfGreetings(Publishers.of(request("Ada"), request("Bo")))))
                    .isEqualTo(reply("Hello Ada, Bo"));
            assertThat(get(Publishers.collect(greeter.chat(Publishers.of(request("Ada"), request("Bo"))))))
                    .containsExactly(reply("Hello Ada"), reply("Hello Bo"));
            assertThat(get(greeter.nothing(Empty.getDefaultInstance()))).isEqualTo(Empty.getDefaultInstance());
        });
    }

    @Test
    void statusOfTheServiceReachesTheCaller() throws Exception {
        Greeter refusing = new Greeter() {
            @Override
            public HelloReply sayHello(HelloRequest request) {
                throw Status.NOT_FOUND.withDescription("nobody is here").asException();
            }
        };
        serve(GreeterTtrpc.bind(refusing), channel -> {
            GreeterClient greeter = GreeterTtrpc.client(channel);

            assertThatThrownBy(() -> greeter.sayHello(request("Ada")))
                    .isInstanceOfSatisfying(
                            TtrpcException.class,
                            e -> assertThat(e.status()).isEqualTo(Status.NOT_FOUND.withDescription("nobody is here")));
        });
    }

    private void callBlocking(TtrpcChannel channel) {
        GreeterClient greeter = GreeterTtrpc.client(channel);
        CallOptions soon = CallOptions.deadline(Duration.ofSeconds(10));

        assertThat(greeter.sayHello(request("Ada"), soon)).isEqualTo(reply("Hello Ada"));
        try (MessageReader<HelloReply> replies = greeter.lotsOfReplies(request("Bo"), soon)) {
            assertThat(replies).containsExactly(reply("B"), reply("o"));
        }
        try (UploadCall<HelloRequest, HelloReply> upload = greeter.lotsOfGreetings(soon)) {
            upload.write(request("Ada"));
            upload.write(request("Bo"));
            assertThat(upload.finish()).isEqualTo(reply("Hello Ada, Bo"));
        }
        try (DuplexCall<HelloRequest, HelloReply> chat = greeter.chat(soon)) {
            chat.write(request("Ada"));
            assertThat(chat.read()).isEqualTo(reply("Hello Ada"));
            chat.write(request("Bo"));
            chat.finish();
            assertThat(chat).containsExactly(reply("Hello Bo"));
        }
        assertThat(greeter.nothing(Empty.getDefaultInstance())).isEqualTo(Empty.getDefaultInstance());
    }

    private void serve(ServiceDefinition service, Calls calls) throws Exception {
        String address = "unix://" + folder.resolve("greeter.sock");
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen(address)
                        .service(service)
                        .build()
                        .start();
                TtrpcChannel channel = TtrpcChannel.to(address)) {
            assertThat(server.addresses()).hasSize(1);
            calls.make(channel);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static HelloRequest request(String name) {
        return HelloRequest.newBuilder().setName(name).build();
    }

    private static HelloReply reply(String text) {
        return HelloReply.newBuilder().setText(text).build();
    }

    private static final class BlockingGreeter implements Greeter {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return reply("Hello " + request.getName());
        }

        @Override
        public void lotsOfReplies(HelloRequest request, MessageWriter<HelloReply> replies) {
            request.getName().chars().forEach(letter -> replies.write(reply(Character.toString(letter))));
        }

        @Override
        public HelloReply lotsOfGreetings(MessageReader<HelloRequest> requests) {
            List<String> names = new ArrayList<>();
            requests.forEach(request -> names.add(request.getName()));
            return reply("Hello " + String.join(", ", names));
        }

        @Override
        public void chat(MessageReader<HelloRequest> requests, MessageWriter<HelloReply> replies) {
            requests.forEach(request -> replies.write(sayHello(request)));
        }

        @Override
        public Empty nothing(Empty request) {
            return request;
        }
    }

    private static final class AsyncGreeter implements GreeterAsync {

        @Override
        public CompletionStage<HelloReply> sayHello(HelloRequest request) {
            return CompletableFuture.completedFuture(hello(request));
        }

        @Override
        public Flow.Publisher<HelloReply> lotsOfReplies(HelloRequest request) {
            return Publishers.of(request.getName()
                    .chars()
                    .mapToObj(letter -> reply(Character.toString(letter)))
                    .toArray(HelloReply[]::new));
        }

        @Override
        public CompletionStage<HelloReply> lotsOfGreetings(Flow.Publisher<HelloRequest> requests) {
            return Publishers.collect(requests)
                    .thenApply(all -> reply("Hello "
                            + String.join(
                                    ", ",
                                    all.stream().map(HelloRequest::getName).toList())));
        }

        @Override
        public Flow.Publisher<HelloReply> chat(Flow.Publisher<HelloRequest> requests) {
            return replies -> requests.subscribe(new Mapping(replies));
        }

        @Override
        public CompletionStage<Empty> nothing(Empty request) {
            return CompletableFuture.completedFuture(request);
        }

        private static HelloReply hello(HelloRequest request) {
            return reply("Hello " + request.getName());
        }

        /** Passes demand up and greetings down. */
        private record Mapping(Flow.Subscriber<? super HelloReply> replies) implements Flow.Subscriber<HelloRequest> {

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                replies.onSubscribe(subscription);
            }

            @Override
            public void onNext(HelloRequest request) {
                replies.onNext(hello(request));
            }

            @Override
            public void onError(Throwable failure) {
                replies.onError(failure);
            }

            @Override
            public void onComplete() {
                replies.onComplete();
            }
        }
    }

    @FunctionalInterface
    private interface Calls {
        void make(TtrpcChannel channel) throws Exception;
    }
}
