package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that take no notice of their call's end. */
@Timeout(60)
@ExtendWith(BlockingCheck.class)
class OutlivingHandlersTests {
    private static final String ENDED = " Response 0 INVALID_ARGUMENT StreamID cannot be re-used and must increment";
    private static final String TOO_MANY = " Response 0 RESOURCE_EXHAUSTED too many concurrent calls";

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private TtrpcServer server;

    @AfterEach
    void close() {
        open.countDown();
        server.close();
    }

    private RawClient serve(TtrpcServer.Builder builder) throws Exception {
        server = builder.listen("tcp://127.0.0.1:0")
                .maxConcurrentCalls(2)
                .service(ServiceDefinition.builder(Texts.SERVICE)
                        .unary(Texts.ECHO, text -> {
                            begun.incrementAndGet();
                            open.await();
                            return text;
                        })
                        .build())
                .build()
                .start();
        return new RawClient(server.addresses().get(0));
    }

    /** Begins a call and ends it by using its id once more. */
    private static void begin(RawClient client, int id) throws Exception {
        client.request(id, "Echo", "").request(id, "Echo", "");
        assertThat(client.read().words()).isEqualTo(id + ENDED);
    }

    @Test
    void handlersThatGoOnAfterTheirCallsHaveEndedCountForTheirConnection() throws Exception {
        Executor threads = task -> new Thread(task).start();
        try (RawClient client = serve(TtrpcServer.builder().executor(threads))) {
            for (int id = 1; id <= 3; id += 2) {
                client.request(id, "Echo", "");
                int handlers = (id + 1) / 2;
                Awaitility.await().until(() -> begun.get() == handlers);
                client.request(id, "Echo", "");
                assertThat(client.read().words()).isEqualTo(id + ENDED);
            }
            client.request(5, "Echo", "");
            assertThat(client.read().words()).isEqualTo("5" + TOO_MANY);
            assertThat(server.statistics().callsOverLimit()).isOne();
            try (RawClient other = new RawClient(server.addresses().get(0))) {
                begin(other, 1);
            }
            open.countDown();
            Awaitility.await().until(() -> server.runningHandlers() == 0);
            client.request(7, "Echo", "goes on");
            assertThat(client.read().words()).isEqualTo("7 Response 0 goes on");
        }
    }

    @Test
    void callsThatEndInTheQueueCountUntilAThreadHasComeToThem() throws Exception {
        try (RawClient client = serve(TtrpcServer.builder().pool(1, 100, Duration.ofSeconds(1)))) {
            client.request(1, "Echo", "has the thread");
            Awaitility.await().until(() -> begun.get() == 1);
            begin(client, 3);
            begin(client, 5);
            client.request(7, "Echo", "");
            assertThat(client.read().words()).isEqualTo("7" + TOO_MANY);
            open.countDown();
            assertThat(client.read().words()).isEqualTo("1 Response 0 has the thread");
            Awaitility.await().until(() -> server.runningHandlers() == 0);
            client.request(9, "Echo", "goes on");
            assertThat(client.read().words()).isEqualTo("9 Response 0 goes on");
            assertThat(begun).as("those that ended in the queue never begin").hasValue(2);
        }
    }
}
