package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.Marshaller;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.ServerCall;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection that pauses goes on, whatever becomes of the call that paused it. */
@Timeout(30)
@ExtendWith(BlockingCheck.class)
class PausesTests {
    @Test
    void outputOfACallThatEndedWhileItWasEncodedHoldsNobodyUp() throws Exception {
        CountDownLatch encoding = new CountDownLatch(1);
        CountDownLatch encode = new CountDownLatch(1);
        CompletableFuture<ServerCall> first = new CompletableFuture<>();
        Marshaller<String> slow = new Marshaller<>() {
            @Override
            public int size(String message) {
                return TextMarshaller.INSTANCE.size(message);
            }

            @Override
            public void write(String message, ByteBuffer target) throws IOException {
                if (message.length() > 1 << 20) {
                    encoding.countDown();
                    try {
                        encode.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                TextMarshaller.INSTANCE.write(message, target);
            }

            @Override
            public String parse(ByteBuffer source) throws IOException {
                return TextMarshaller.INSTANCE.parse(source);
            }
        };
        MethodDescriptor<String, String> echo =
                MethodDescriptor.unary(Texts.SERVICE, "Echo", TextMarshaller.INSTANCE, slow);
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .intercept((call, next) -> {
                            first.complete(call);
                            next.proceed(call);
                        })
                        .service(ServiceDefinition.builder(Texts.SERVICE)
                                .unary(echo, text -> text.equals("large") ? "x".repeat(2 << 20) : text)
                                .build())
                        .build()
                        .start();
                RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Echo", "large");
            encoding.await();
            client.request(3, "Echo", "beside");
            first.get(10, TimeUnit.SECONDS).end(Status.ABORTED);
            List<RawClient.Frame> answers = new ArrayList<>();
            RawClient.Frame ended = client.read();
            if (ended.id() == 3) { // it was begun before the pause
                answers.add(ended);
                ended = client.read();
            }
            assertThat(ended.code()).isEqualTo(StatusCode.ABORTED.value());
            encode.countDown();
            client.request(5, "Echo", "behind");
            while (answers.size() < 2) {
                answers.add(client.read());
            }
            assertThat(answers).extracting(RawClient.Frame::id).containsExactlyInAnyOrder(3, 5);
        }
    }

    @Test
    void unreadRestOfAStreamThatEndedStopsNoOtherCall() throws Exception {
        int frames = (8 << 20) / 256 + 1; // empty messages, which count 256 bytes each: one above the budget
        ByteBuffer stream = ByteBuffer.allocate(10 * frames);
        for (int i = 1; i <= frames; i++) {
            boolean last = i == frames; // a message and the end of its stream in one
            stream.putInt(0).putInt(1).put((byte) RawClient.DATA).put((byte) (last ? 1 : 0));
        }
        ByteBuffer answer = ByteBuffer.allocate(10);
        answer.putInt(0).putInt(3).put((byte) RawClient.RESPONSE).put((byte) 0);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TtrpcChannel channel = TtrpcChannel.builder()
                        .address("tcp://127.0.0.1:" + server.getLocalPort())
                        .receiveBudget(8 << 20)
                        .stallTimeout(Duration.ofMillis(100))
                        .build()) {
            MessageReader<String> unread = channel.serverStreaming(Texts.SPLIT, "", CallOptions.DEFAULT);
            try (Socket connection = server.accept()) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                in.skipNBytes(6 + in.readInt());
                connection.getOutputStream().write(stream.array());
                CompletableFuture<String> beside = channel.unaryAsync(Texts.ECHO, "beside", CallOptions.DEFAULT);
                in.skipNBytes(6 + in.readInt());
                Awaitility.await().until(() -> channel.liveCalls() == 1); // the stream has ended, and reading is paused
                connection.getOutputStream().write(answer.array());
                assertThat(beside.get(20, TimeUnit.SECONDS)).isEmpty();
            }
            unread.close();
        }
    }

    @Test
    void requestsThatWaitForAThreadDoNotStopTheCallThatHasIt() throws Exception {
        try (TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .pool(1, 16_384, Duration.ofSeconds(1))
                        .receiveBudget(8 << 20)
                        .stallTimeout(Duration.ofMillis(100))
                        .service(Texts.blocking())
                        .build()
                        .start();
                RawClient client = new RawClient(server.addresses().get(0))) {
            client.request(1, "Join", "");
            String large = "x".repeat(1 << 20);
            for (int i = 1; i <= 10; i++) {
                client.request(1 + 2 * i, "Echo", large);
            }
            client.send(1, RawClient.DATA, 5, new byte[0]);
            boolean joined = false;
            for (int i = 0; i < 11; i++) {
                joined |= client.read().id() == 1;
            }
            assertThat(joined).isTrue();
        }
    }
}
