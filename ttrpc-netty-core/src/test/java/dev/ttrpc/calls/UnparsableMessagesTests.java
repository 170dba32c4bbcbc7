package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What interceptors of a server see where a message of a stream does not parse, and its handler takes no notice. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class UnparsableMessagesTests {
    private final List<Status> ended = new CopyOnWriteArrayList<>();

    private static String takeNoNotice(MessageReader<String> messages) {
        try {
            while (messages.read() != null) {
                // on to the next
            }
        } catch (TtrpcException e) {
            assertThat(e.status().code()).isEqualTo(StatusCode.INTERNAL);
        }
        return "fine";
    }

    private static CompletionStage<String> takeNoNoticeLater(Flow.Publisher<String> messages) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        messages.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String message) {}

            @Override
            public void onError(Throwable failure) {
                answer.complete("fine");
            }

            @Override
            public void onComplete() {
                answer.complete("fine");
            }
        });
        return answer;
    }

    private void interceptorsSeeWhatThePeerGets(ServiceDefinition service) throws Exception {
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .intercept((call, next) -> {
                            call.onEnd(ended::add);
                            next.proceed(call);
                        })
                        .service(service)
                        .build()
                        .start();
                RawClient client = new RawClient(server.addresses().get(0))) {
            client.send(
                            1,
                            RawClient.REQUEST,
                            RawClient.RO | RawClient.ND,
                            RawClient.requestBody(Texts.SERVICE, "Join", "", 0))
                    .send(1, RawClient.DATA, 0, RawClient.text("a"))
                    .send(1, RawClient.DATA, RawClient.RC, RawClient.text("unparsable"));
            assertThat(client.read().words())
                    .isEqualTo("1 Response 0 INTERNAL ttrpc: error unmarshalling payload: not a text");
            Awaitility.await().until(() -> !ended.isEmpty());
            assertThat(ended).extracting(Status::code).containsExactly(StatusCode.INTERNAL);
        }
    }

    @Test
    void interceptorsOfABlockingHandlerSeeWhatThePeerGets() throws Exception {
        interceptorsSeeWhatThePeerGets(ServiceDefinition.builder(Texts.SERVICE)
                .clientStreaming(Texts.JOIN, UnparsableMessagesTests::takeNoNotice)
                .build());
    }

    @Test
    void interceptorsOfAnAsyncHandlerSeeWhatThePeerGets() throws Exception {
        interceptorsSeeWhatThePeerGets(ServiceDefinition.builder(Texts.SERVICE)
                .clientStreamingAsync(Texts.JOIN, UnparsableMessagesTests::takeNoNoticeLater)
                .build());
    }

    @Test
    void interceptorsOfAHandlerOnTheEventLoopSeeWhatThePeerGets() throws Exception {
        interceptorsSeeWhatThePeerGets(ServiceDefinition.builder(Texts.SERVICE)
                .clientStreamingAsync(Texts.JOIN, UnparsableMessagesTests::takeNoNoticeLater)
                .onEventLoop()
                .build());
    }
}
