package dev.ttrpc.verification.interop.serve;

import static dev.ttrpc.verification.interop.serve.Served.all;
import static dev.ttrpc.verification.interop.serve.Served.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.peers.test.EchoPayload;
import dev.ttrpc.peers.test.Part;
import dev.ttrpc.peers.test.StreamingAsyncClient;
import dev.ttrpc.peers.test.StreamingClient;
import dev.ttrpc.peers.test.StreamingTtrpc;
import dev.ttrpc.peers.test.Sum;
import dev.ttrpc.server.ServiceDefinition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The streaming service of the Rust examples, called by our generated clients. */
class RustStreamingTests {
    private static final List<EchoPayload> HELLOS = IntStream.range(0, 10)
            .mapToObj(
                    seq -> EchoPayload.newBuilder().setSeq(seq).setMsg("hello").build())
            .toList();

    @ParameterizedTest
    @MethodSource("servers")
    void rustStreamingAnswersTheBlockingClient(ServiceDefinition[] services) throws Exception {
        try (Served served = new Served(services)) {
            StreamingClient client = StreamingTtrpc.client(served.channel());
            EchoPayload request =
                    EchoPayload.newBuilder().setSeq(-1).setMsg("m").build();
            assertThat(client.echo(request))
                    .isEqualTo(EchoPayload.newBuilder().setMsg("m").build());

            try (DuplexCall<EchoPayload, EchoPayload> call = client.echoStream()) {
                for (int i = 0; i < 50; i++) {
                    call.write(numbered(i));
                    assertThat(call.read()).isEqualTo(numbered(i + 1));
                }
                call.finish();
                assertThat(call.read()).isNull();
            }

            try (UploadCall<Part, Sum> call = client.sumStream()) {
                call.write(Part.getDefaultInstance());
                for (int i = -99; i <= 101; i++) {
                    call.write(Part.newBuilder().setAdd(i).build());
                }
                call.write(Part.getDefaultInstance());
                assertThat(call.finish())
                        .isEqualTo(Sum.newBuilder().setSum(201).setNum(203).build());
            }

            try (MessageReader<Part> parts =
                    client.divideStream(Sum.newBuilder().setSum(392).setNum(30).build())) {
                assertDivided(all(parts));
            }

            try (UploadCall<EchoPayload, Empty> call = client.echoNull()) {
                for (int i = 0; i < 100; i++) {
                    call.write(nullNumbered(i));
                }
                assertThat(call.finish()).isEqualTo(Empty.getDefaultInstance());
            }
            try (UploadCall<EchoPayload, Empty> call = client.echoNull()) {
                call.write(nullNumbered(1));
                assertFails(StatusCode.INVALID_ARGUMENT, call::finish);
            }

            try (DuplexCall<EchoPayload, Empty> call = client.echoNullStream()) {
                for (int i = 0; i < 100; i++) {
                    call.write(nullNumbered(i));
                }
                call.finish();
                assertThat(all(call)).hasSize(1_000).containsOnly(Empty.getDefaultInstance());
            }
            try (DuplexCall<EchoPayload, Empty> call = client.echoNullStream()) {
                call.write(numbered(0));
                assertFails(StatusCode.INVALID_ARGUMENT, call::read);
            }

            try (MessageReader<EchoPayload> messages = client.echoDefaultValue(EchoPayload.getDefaultInstance())) {
                assertThat(all(messages)).containsExactly(EchoPayload.getDefaultInstance());
            }
            try (MessageReader<EchoPayload> messages = client.echoDefaultValue(numbered(0))) {
                assertFails(StatusCode.INVALID_ARGUMENT, messages::read);
            }

            try (MessageReader<EchoPayload> messages = client.serverSendStream(Empty.getDefaultInstance())) {
                assertThat(all(messages)).containsExactlyElementsOf(HELLOS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void rustStreamingAnswersTheAsyncClient(ServiceDefinition[] services) throws Exception {
        try (Served served = new Served(services)) {
            StreamingAsyncClient client = StreamingTtrpc.asyncClient(served.channel());
            assertThat(client.echo(numbered(7)).get()).isEqualTo(numbered(8));
            assertThat(Collected.of(client.echoStream(Sent.of(50, RustStreamingTests::numbered)))
                            .get())
                    .isEqualTo(IntStream.rangeClosed(1, 50)
                            .mapToObj(RustStreamingTests::numbered)
                            .toList());
            assertThat(client.sumStream(Sent.of(
                                    203,
                                    i -> Part.newBuilder()
                                            .setAdd(i % 202 == 0 ? 0 : i - 100)
                                            .build()))
                            .get())
                    .isEqualTo(Sum.newBuilder().setSum(201).setNum(203).build());
            assertDivided(Collected.of(client.divideStream(
                            Sum.newBuilder().setSum(392).setNum(30).build()))
                    .get());
            assertThat(client.echoNull(Sent.of(100, RustStreamingTests::nullNumbered))
                            .get())
                    .isEqualTo(Empty.getDefaultInstance());
            assertFails(
                    StatusCode.INVALID_ARGUMENT,
                    () -> client.echoNull(Sent.of(1, RustStreamingTests::numbered))
                            .get());
            assertThat(Collected.of(client.echoNullStream(Sent.of(100, RustStreamingTests::nullNumbered)))
                            .get())
                    .hasSize(1_000)
                    .containsOnly(Empty.getDefaultInstance());
            assertFails(
                    StatusCode.INVALID_ARGUMENT,
                    () -> Collected.of(client.echoNullStream(Sent.of(2, i -> nullNumbered(0))))
                            .get());
            assertThat(Collected.of(client.echoDefaultValue(EchoPayload.getDefaultInstance()))
                            .get())
                    .containsExactly(EchoPayload.getDefaultInstance());
            assertFails(
                    StatusCode.INVALID_ARGUMENT,
                    () -> Collected.of(client.echoDefaultValue(numbered(1))).get());
            assertThat(Collected.of(client.serverSendStream(Empty.getDefaultInstance()))
                            .get())
                    .isEqualTo(HELLOS);
        }
    }

    static Stream<Named<ServiceDefinition[]>> servers() {
        return Served.allWays();
    }

    private static EchoPayload numbered(int seq) {
        return EchoPayload.newBuilder().setSeq(seq).setMsg("msg").build();
    }

    private static EchoPayload nullNumbered(int seq) {
        return EchoPayload.newBuilder().setSeq(seq).setMsg("non-empty empty").build();
    }

    private static void assertDivided(List<Part> parts) {
        assertThat(parts).hasSize(30).startsWith(Part.getDefaultInstance()).endsWith(Part.getDefaultInstance());
        assertThat(parts.stream().mapToInt(Part::getAdd).sum()).isEqualTo(392);
    }
}
