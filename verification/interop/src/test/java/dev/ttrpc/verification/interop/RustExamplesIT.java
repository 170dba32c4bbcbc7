package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.peers.grpc.AgentServiceClient;
import dev.ttrpc.peers.grpc.AgentServiceTtrpc;
import dev.ttrpc.peers.grpc.CheckRequest;
import dev.ttrpc.peers.grpc.HealthClient;
import dev.ttrpc.peers.grpc.HealthTtrpc;
import dev.ttrpc.peers.grpc.ListInterfacesRequest;
import dev.ttrpc.peers.grpc.OnlineCPUMemRequest;
import dev.ttrpc.peers.test.EchoPayload;
import dev.ttrpc.peers.test.Part;
import dev.ttrpc.peers.test.StreamingAsyncClient;
import dev.ttrpc.peers.test.StreamingClient;
import dev.ttrpc.peers.test.StreamingTtrpc;
import dev.ttrpc.peers.test.Sum;
import dev.ttrpc.peers.types.Interface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client calls the services of the Rust examples, served by Rust. */
class RustExamplesIT {
    private static RustPrograms rust;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildRust() throws Exception {
        rust = Peers.rust();
    }

    @Test
    void everyStreamOfTheExamplesEndsAsItShould() throws Exception {
        try (ChildProcess server = serve("async");
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            StreamingClient client = StreamingTtrpc.client(channel);
            try (DuplexCall<EchoPayload, EchoPayload> call = client.echoStream()) {
                for (int i = 0; i < 50; i++) {
                    call.write(message(i, "echo"));
                    assertThat(call.read()).isEqualTo(message(i + 1, "echo"));
                }
                call.finish();
                assertThat(call.read()).isNull();
            }
            try (UploadCall<Part, Sum> call = client.sumStream()) {
                call.write(Part.getDefaultInstance());
                for (int i = 1; i <= 100; i++) {
                    call.write(Part.newBuilder().setAdd(i).build());
                }
                call.write(Part.getDefaultInstance());
                assertThat(call.finish())
                        .isEqualTo(Sum.newBuilder().setSum(5_050).setNum(102).build());
            }
            try (MessageReader<Part> parts =
                    client.divideStream(Sum.newBuilder().setSum(392).setNum(30).build())) {
                List<Part> all = all(parts);
                assertThat(all)
                        .hasSize(30)
                        .startsWith(Part.getDefaultInstance())
                        .endsWith(Part.getDefaultInstance());
                assertThat(all.stream().mapToInt(Part::getAdd).sum()).isEqualTo(392);
            }
            try (UploadCall<EchoPayload, Empty> call = client.echoNull()) {
                for (int i = 0; i < 100; i++) {
                    call.write(message(i, "non-empty empty"));
                }
                assertThat(call.finish()).isEqualTo(Empty.getDefaultInstance());
            }
            try (UploadCall<EchoPayload, Empty> call = client.echoNull()) {
                call.write(message(1, "non-empty empty"));
                assertFails(StatusCode.INVALID_ARGUMENT, call::finish);
            }
            try (DuplexCall<EchoPayload, Empty> call = client.echoNullStream()) {
                for (int i = 0; i < 100; i++) {
                    call.write(message(i, "non-empty empty"));
                }
                call.finish();
                for (int i = 0; i < 1_000; i++) {
                    assertThat(call.read()).isEqualTo(Empty.getDefaultInstance());
                }
                assertThat(call.read()).isNull();
            }
            try (MessageReader<EchoPayload> messages = client.echoDefaultValue(EchoPayload.getDefaultInstance())) {
                assertThat(all(messages)).containsExactly(EchoPayload.getDefaultInstance());
            }
            try (MessageReader<EchoPayload> messages = client.echoDefaultValue(message(1, ""))) {
                assertFails(StatusCode.INVALID_ARGUMENT, messages::read);
            }
            try (MessageReader<EchoPayload> messages = client.serverSendStream(Empty.getDefaultInstance())) {
                List<EchoPayload> hellos = IntStream.range(0, 10)
                        .mapToObj(seq -> message(seq, "hello"))
                        .toList();
                assertThat(all(messages)).isEqualTo(hellos);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "sync"})
    void everyUnaryCallOfTheExamplesEndsAsItShould(String rustStack) throws Exception {
        try (ChildProcess server = serve(rustStack);
                TtrpcChannel channel = TtrpcChannel.to(Peers.addressOf(server))) {
            StreamingAsyncClient echoes = StreamingTtrpc.asyncClient(channel);
            List<CompletableFuture<EchoPayload>> answers = IntStream.range(0, 1_000)
                    .mapToObj(seq -> echoes.echo(message(seq, "at once")))
                    .toList();
            for (int seq = 0; seq < answers.size(); seq++) {
                assertThat(answers.get(seq).get(Peers.END_TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(message(seq + 1, "at once"));
            }
            HealthClient health = HealthTtrpc.client(channel);
            CheckRequest asked = CheckRequest.getDefaultInstance();
            assertFails(
                    StatusCode.DEADLINE_EXCEEDED,
                    () -> health.check(asked, CallOptions.deadline(Duration.ofMillis(20))));
            assertThat(health.version(asked).getGrpcVersion()).isEqualTo("0.0.1");
            assertThat(health.version(asked).getAgentVersion()).isEqualTo("mock.0.1");
            AgentServiceClient agent = AgentServiceTtrpc.client(channel);
            assertThat(agent.listInterfaces(ListInterfacesRequest.getDefaultInstance())
                            .getInterfacesList())
                    .extracting(Interface::getName)
                    .containsExactly("first", "second");
            assertFails(StatusCode.NOT_FOUND, () -> agent.onlineCPUMem(OnlineCPUMemRequest.getDefaultInstance()))
                    .hasMessageContaining("/grpc.AgentService/OnlineCPUMem is not supported");
            assertFails(StatusCode.NOT_FOUND, () -> agent.copyFile(Empty.getDefaultInstance()))
                    .hasMessageContaining("/grpc.AgentService/CopyFile is not supported");
        }
    }

    private ChildProcess serve(String rustStack) throws Exception {
        String address = "unix:" + folder.resolve("s");
        return Peers.start("rust-server", rust.command("serve", "--stack=" + rustStack, address));
    }

    private static EchoPayload message(int seq, String msg) {
        return EchoPayload.newBuilder().setSeq(seq).setMsg(msg).build();
    }

    private static <T> List<T> all(MessageReader<T> messages) {
        List<T> all = new ArrayList<>();
        messages.forEach(all::add);
        return all;
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(StatusCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        failure -> assertThat(failure.status().code()).isEqualTo(code));
    }
}
