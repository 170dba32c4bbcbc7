package dev.ttrpc.verification.interop.serve;

import static dev.ttrpc.verification.interop.serve.Served.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.peers.grpc.AgentServiceAsyncClient;
import dev.ttrpc.peers.grpc.AgentServiceClient;
import dev.ttrpc.peers.grpc.AgentServiceTtrpc;
import dev.ttrpc.peers.grpc.CheckRequest;
import dev.ttrpc.peers.grpc.HealthAsyncClient;
import dev.ttrpc.peers.grpc.HealthClient;
import dev.ttrpc.peers.grpc.HealthTtrpc;
import dev.ttrpc.peers.grpc.Interfaces;
import dev.ttrpc.peers.grpc.ListInterfacesRequest;
import dev.ttrpc.peers.grpc.OnlineCPUMemRequest;
import dev.ttrpc.peers.grpc.VersionCheckResponse;
import dev.ttrpc.peers.types.Interface;
import dev.ttrpc.protobuf.ProtobufMarshaller;
import dev.ttrpc.server.ServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unary services of the Rust examples, called by our generated clients. */
class HealthAndAgentTests {
    private static final CheckRequest ASKED = CheckRequest.newBuilder()
            .setService("whatever")
            .setOptionVal("it is")
            .build();
    private static final VersionCheckResponse VERSION = VersionCheckResponse.newBuilder()
            .setGrpcVersion("0.0.1")
            .setAgentVersion("mock.0.1")
            .build();
    private static final CallOptions SHORT = CallOptions.deadline(Duration.ofMillis(20));
    private static final OnlineCPUMemRequest ONLINE =
            OnlineCPUMemRequest.newBuilder().setWait(true).setNbCpus(2).build();
    private static final String NOT_SUPPORTED = "/grpc.AgentService/OnlineCPUMem is not supported";

    @ParameterizedTest
    @MethodSource("servers")
    void healthIsAskedWithADeadlineAndTheConnectionStays(ServiceDefinition[] services) throws Exception {
        try (Served served = new Served(services)) {
            HealthClient client = HealthTtrpc.client(served.channel());
            HealthAsyncClient asyncClient = HealthTtrpc.asyncClient(served.channel());
            assertFails(StatusCode.DEADLINE_EXCEEDED, () -> client.check(ASKED, SHORT));
            assertFails(
                    StatusCode.DEADLINE_EXCEEDED,
                    () -> asyncClient.check(ASKED, SHORT).get());
            assertThat(client.version(ASKED)).isEqualTo(VERSION);
            assertThat(asyncClient.version(CheckRequest.getDefaultInstance()).get())
                    .isEqualTo(VERSION);
            assertFails(StatusCode.NOT_FOUND, () -> client.check(ASKED));
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theAgentAnswersTwoMethodsAndNoOther(ServiceDefinition[] services) throws Exception {
        try (Served served = new Served(services)) {
            AgentServiceClient client = AgentServiceTtrpc.client(served.channel());
            AgentServiceAsyncClient asyncClient = AgentServiceTtrpc.asyncClient(served.channel());
            ListInterfacesRequest list = ListInterfacesRequest.getDefaultInstance();
            for (Interfaces answer : List.of(
                    client.listInterfaces(list),
                    asyncClient.listInterfaces(list).get())) {
                assertThat(answer.getInterfacesList())
                        .extracting(Interface::getName)
                        .containsExactly("first", "second");
            }
            assertThat(assertFails(StatusCode.NOT_FOUND, () -> client.onlineCPUMem(ONLINE)))
                    .isEqualTo(NOT_SUPPORTED);
            assertThat(assertFails(
                            StatusCode.NOT_FOUND,
                            () -> asyncClient.onlineCPUMem(ONLINE).get()))
                    .isEqualTo(NOT_SUPPORTED);
            assertFails(StatusCode.UNIMPLEMENTED, () -> client.createSandbox(Empty.getDefaultInstance()));
            assertFails(
                    StatusCode.UNIMPLEMENTED,
                    () -> asyncClient.copyFile(Empty.getDefaultInstance()).get());
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyMethodOfTheAgentIsThereUnderItsOwnName(ServiceDefinition[] services) throws Exception {
        ServiceDefinition agent = Stream.of(services)
                .filter(each -> each.name().equals("grpc.AgentService"))
                .findFirst()
                .orElseThrow();
        assertThat(agent.methods()).hasSize(30);
        ProtobufMarshaller<Empty> empty = ProtobufMarshaller.of(Empty.getDefaultInstance());
        try (Served served = new Served(services)) {
            for (ServiceDefinition.Method<?, ?> method : agent.methods()) {
                String name = method.descriptor().name();
                if (!List.of("ListInterfaces", "OnlineCPUMem").contains(name)) {
                    MethodDescriptor<Empty, Empty> called =
                            MethodDescriptor.unary("grpc.AgentService", name, empty, empty);
                    assertFails(
                            StatusCode.UNIMPLEMENTED,
                            () -> served.channel().unary(called, Empty.getDefaultInstance(), CallOptions.DEFAULT));
                }
            }
        }
    }

    static Stream<Named<ServiceDefinition[]>> servers() {
        return Served.allWays();
    }
}
