package dev.ttrpc.tck;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every publisher and subscriber of client and server keeps the rules of Reactive Streams, over a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(BlockingCheck.class)
class ReactiveStreamsTckTests {
    private static final Marshaller<String> TEXT = new Marshaller<>() {
        @Override
        public int size(String message) {
            return message.length();
        }

        @Override
        public void write(String message, ByteBuffer target) {
            target.put(message.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public String parse(ByteBuffer source) {
            return StandardCharsets.US_ASCII.decode(source).toString();
        }
    };

    private static final String SERVICE = "test.Tck";
    private static final MethodDescriptor<String, String> COUNT =
            MethodDescriptor.serverStreaming(SERVICE, "Count", TEXT, TEXT);
    private static final MethodDescriptor<String, String> CHAT =
            MethodDescriptor.bidiStreaming(SERVICE, "Chat", TEXT, TEXT);
    private static final MethodDescriptor<String, String> PUBLISHED =
            MethodDescriptor.clientStreaming(SERVICE, "Published", TEXT, TEXT);
    private static final MethodDescriptor<String, String> SINK =
            MethodDescriptor.clientStreaming(SERVICE, "Sink", TEXT, TEXT);
    private static final MethodDescriptor<String, String> ANSWERED =
            MethodDescriptor.serverStreaming(SERVICE, "Answered", TEXT, TEXT);

    private final BlockingQueue<Flow.Publisher<String>> published = new LinkedBlockingQueue<>();
    private final BlockingQueue<Flow.Subscriber<? super String>> answering = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TtrpcServer server;
    private final Queue<TtrpcChannel> channels = new ConcurrentLinkedQueue<>();

    @BeforeAll
    void start() throws Exception {
        ServiceDefinition service = ServiceDefinition.builder(SERVICE)
                .serverStreaming(COUNT, ReactiveStreamsTckTests::count)
                .bidiStreaming(CHAT, (requests, messages) -> count(requests.read(), messages))
                .clientStreamingAsync(PUBLISHED, requests -> {
                    published.add(requests);
                    return new CompletableFuture<>();
                })
                .clientStreaming(SINK, requests -> {
                    int count = 0;
                    for (String ignored : requests) {
                        count++;
                    }
                    return String.valueOf(count);
                })
                .serverStreamingAsync(ANSWERED, request -> answering::add)
                .build();
        server = TtrpcServer.builder()
                .listen("tcp://127.0.0.1:0")
                .service(service)
                .build()
                .start();
    }

    private TtrpcChannel connect() {
        return TtrpcChannel.builder().address(server.addresses().get(0)).build();
    }

    /** A connection of its own for each rule: what the one before left unread holds nobody up, and hears nothing of it. */
    private TtrpcChannel fresh() {
        TtrpcChannel fresh = connect();
        channels.add(fresh);
        return fresh;
    }

    @AfterAll
    void stop() {
        channels.forEach(TtrpcChannel::close);
        server.close();
        threads.shutdownNow();
    }

    /** Writes so many messages, or fails. */
    private static void count(String request, MessageWriter<String> messages) {
        if (request.equals("fail")) {
            throw Status.ABORTED.withDescription("told to").asException();
        }
        long count = Long.parseLong(request);
        for (long i = 0; i < count; i++) {
            messages.write("message " + i);
        }
    }

    @TestFactory
    Stream<DynamicTest> answersOfAServerStream() {
        return TckRun.of(new PublisherRules(
                elements -> fresh().serverStreamingAsync(COUNT, String.valueOf(elements), CallOptions.DEFAULT),
                () -> fresh().serverStreamingAsync(COUNT, "fail", CallOptions.DEFAULT)));
    }

    @TestFactory
    Stream<DynamicTest> answersOfAChat() {
        return TckRun.of(new PublisherRules(
                elements -> fresh().bidiStreamingAsync(CHAT, one(String.valueOf(elements)), CallOptions.DEFAULT),
                () -> fresh().bidiStreamingAsync(CHAT, one("fail"), CallOptions.DEFAULT)));
    }

    private static Flow.Publisher<String> one(String message) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private boolean sent;

            @Override
            public void request(long n) {
                if (!sent) {
                    sent = true;
                    subscriber.onNext(message);
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                sent = true;
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> requestsOfAHandler() {
        return TckRun.of(new PublisherRules(this::requests, this::failedRequests));
    }

    private Flow.Publisher<String> requests(long elements) {
        UploadCall<String, String> upload = fresh().clientStreaming(PUBLISHED, CallOptions.DEFAULT);
        threads.execute(() -> {
            try {
                for (long i = 0; i < elements; i++) {
                    upload.write("message " + i);
                }
                upload.finish();
            } catch (TtrpcException e) {
                upload.close(); // the rule has seen what it wanted, and the server is closed
            }
        });
        return next(published);
    }

    private Flow.Publisher<String> failedRequests() {
        try (TtrpcChannel lost =
                TtrpcChannel.builder().address(server.addresses().get(0)).build()) {
            lost.clientStreaming(PUBLISHED, CallOptions.DEFAULT);
            Flow.Publisher<String> requests = next(published);
            lost.close();
            return requests;
        }
    }

    @TestFactory
    Stream<DynamicTest> subscriberToAHandlersAnswer() {
        return TckRun.of(new SubscriberRules(() -> {
            fresh().serverStreamingAsync(ANSWERED, "", CallOptions.DEFAULT).subscribe(new Drain());
            return unbounded(next(answering));
        }));
    }

    @TestFactory
    Stream<DynamicTest> subscriberToAnUploadsRequests() {
        return TckRun.of(new SubscriberRules(() -> {
            BlockingQueue<Flow.Subscriber<? super String>> subscribers = new LinkedBlockingQueue<>();
            fresh().clientStreamingAsync(SINK, into(subscribers), CallOptions.DEFAULT);
            return unbounded(next(subscribers));
        }));
    }

    @TestFactory
    Stream<DynamicTest> subscriberToAChatsRequests() {
        return TckRun.of(new SubscriberRules(() -> {
            BlockingQueue<Flow.Subscriber<? super String>> subscribers = new LinkedBlockingQueue<>();
            fresh().bidiStreamingAsync(CHAT, into(subscribers), CallOptions.DEFAULT)
                    .subscribe(new Drain());
            return unbounded(next(subscribers));
        }));
    }

    /** A publisher that does nothing but remember who subscribed. */
    private static Flow.Publisher<String> into(BlockingQueue<Flow.Subscriber<? super String>> subscribers) {
        return subscribers::add;
    }

    @SuppressWarnings("unchecked") // a consumer of a supertype takes strings
    private static Flow.Subscriber<String> unbounded(Flow.Subscriber<? super String> subscriber) {
        return (Flow.Subscriber<String>) subscriber;
    }

    private static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("the call did not begin");
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes whatever comes. */
    private static final class Drain implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
