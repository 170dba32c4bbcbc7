package dev.ttrpc.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.internal.connection.ReceiveBudgets;
import dev.ttrpc.server.ServiceDefinition;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.testing.Bytes;
import dev.ttrpc.transport.TransportResources;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections share a budget while they live. */
@Timeout(30)
class SharedReceiveBudgetMembersTests {
    @Test
    void connectionThatIsGoneIsForgottenOnBothSides() throws Exception {
        MethodDescriptor<byte[], byte[]> method =
                MethodDescriptor.serverStreaming("test.Bytes", "Same", Bytes.INSTANCE, Bytes.INSTANCE);
        try (TransportResources resources = TransportResources.builder().build();
                TtrpcServer server = TtrpcServer.builder()
                        .listen("tcp://127.0.0.1:0")
                        .resources(resources)
                        .service(ServiceDefinition.builder("test.Bytes")
                                .serverStreaming(method, (message, answers) -> answers.write(message))
                                .build())
                        .build()
                        .start()) {
            SharedReceiveBudget servers = ReceiveBudgets.of(resources).servers();
            SharedReceiveBudget channels = ReceiveBudgets.of(resources).channels();
            try (TtrpcChannel channel = TtrpcChannel.builder()
                    .address(server.addresses().get(0))
                    .resources(resources)
                    .build()) {
                byte[] message = new byte[2 * SharedReceiveBudget.STEP];
                assertThat(channel.serverStreaming(method, message, CallOptions.DEFAULT)
                                .read())
                        .isEqualTo(message);
                assertThat(servers.members()).isOne();
                assertThat(channels.members()).isOne();
            }
            Awaitility.await().until(() -> servers.members() == 0 && channels.members() == 0);
        }
    }
}
