package dev.ttrpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.BlockingCheck;
import dev.ttrpc.transport.TransportKind;
import dev.ttrpc.transport.TransportResources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same calls over every transport, with Netty's native sockets and Java's. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
@ExtendWith(BlockingCheck.class)
class EveryTransportTests {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "EPOLL, unix://DIR/s.sock",
        "NIO,   unix://DIR/s.sock",
        "EPOLL, unix://@ttrpc-test-UUID",
        "EPOLL, tcp://127.0.0.1:0",
        "NIO,   tcp://127.0.0.1:0",
        "AUTO,  in-process:UUID",
    })
    void smallLargeAndManyMessagesArrive(TransportKind kind, String pattern) throws Exception {
        String address = pattern.replace("DIR", directory.toString())
                .replace("UUID", UUID.randomUUID().toString());
        try (TransportResources resources =
                        TransportResources.builder().transport(kind).build();
                TtrpcServer server = TtrpcServer.builder()
                        .listen(address)
                        .service(Texts.blocking())
                        .resources(resources)
                        .build()
                        .start()) {
            TtrpcAddress real = server.addresses().get(0);
            try (TtrpcChannel channel = TtrpcChannel.builder()
                    .address(real)
                    .resources(resources)
                    .stallTimeout(Duration.ofSeconds(20))
                    .build()) {
                assertThat(channel.unary(Texts.ECHO, "small", CallOptions.DEFAULT))
                        .isEqualTo("small");
                assertThat(channel.unary(Texts.ECHO, "repeat 4000000", CallOptions.DEFAULT))
                        .hasSize(4_000_000);
                String large = "y".repeat(4_000_000);
                assertThat(channel.unary(Texts.ECHO, large, CallOptions.DEFAULT))
                        .isEqualTo(large);
                flood(channel);
            }
            Awaitility.await().until(() -> server.connections() == 0);
        }
        if (address.contains(directory.toString())) {
            assertThat(Files.list(directory)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EPOLL, unix://DIR/s.sock",
        "NIO,   unix://DIR/s.sock",
        "EPOLL, tcp://127.0.0.1:0",
        "AUTO,  in-process:UUID",
    })
    void channelsClosedWhileTheyConnectLeaveNoConnection(TransportKind kind, String pattern) throws Exception {
        String address = pattern.replace("DIR", directory.toString())
                .replace("UUID", UUID.randomUUID().toString());
        try (TransportResources resources =
                        TransportResources.builder().transport(kind).build();
                TtrpcServer server = TtrpcServer.builder()
                        .listen(address)
                        .service(Texts.blocking())
                        .resources(resources)
                        .build()
                        .start()) {
            for (int i = 0; i < 300; i++) {
                try (TtrpcChannel channel = TtrpcChannel.builder()
                        .address(server.addresses().get(0))
                        .resources(resources)
                        .build()) {
                    channel.unaryAsync(Texts.ECHO, "never mind", CallOptions.DEFAULT);
                }
            }
            Awaitility.await().until(() -> server.connections() == 0);
            // a call is served, so what connected late has come too
            try (TtrpcChannel channel = TtrpcChannel.builder()
                    .address(server.addresses().get(0))
                    .resources(resources)
                    .build()) {
                assertThat(channel.unary(Texts.ECHO, "last", CallOptions.DEFAULT))
                        .isEqualTo("last");
            }
            Awaitility.await().until(() -> server.connections() == 0);
        }
    }

    private static void flood(TtrpcChannel channel) throws Exception {
        DuplexCall<String, String> chat = channel.bidiStreaming(Texts.CHAT, CallOptions.DEFAULT);
        int messages = 3000;
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            int count = 0;
            for (String text : chat) {
                assertThat(text).startsWith(count + " ").hasSizeGreaterThan(5000);
                count++;
            }
            return count;
        });
        for (int i = 0; i < messages; i++) {
            chat.write(i + " " + "z".repeat(5000));
        }
        chat.finish();
        assertThat(read.get(40, TimeUnit.SECONDS)).isEqualTo(messages);
    }
}
