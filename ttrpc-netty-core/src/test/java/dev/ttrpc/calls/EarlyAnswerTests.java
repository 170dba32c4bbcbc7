package dev.ttrpc.calls;

import static dev.ttrpc.calls.RawClient.DATA;
import static dev.ttrpc.calls.RawClient.REQUEST;
import static dev.ttrpc.calls.RawClient.requestBody;
import static dev.ttrpc.calls.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that end their call before the client has ended its input. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class EarlyAnswerTests {
    private static final int RC = 1;

    @Test
    void answerUponTheLastMessageOnTheEventLoopLeavesTheConnectionAlone() throws Exception {
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .service(Texts.async(true))
                        .build()
                        .start();
                RawClient client = new RawClient(server.addresses().get(0))) {
            client.send(1, REQUEST, 0, requestBody(Texts.SERVICE, "Join", "", 0));
            client.send(1, DATA, 0, text("a")).send(1, DATA, RC, text("enough"));
            assertThat(client.read()).hasToString("1 RESPONSE 0 120161");
            client.request(3, "Echo", "ok");
            assertThat(client.read()).hasToString("3 RESPONSE 0 12026f6b");
        }
    }
}
