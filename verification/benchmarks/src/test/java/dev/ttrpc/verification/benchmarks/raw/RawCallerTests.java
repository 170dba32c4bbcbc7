package dev.ttrpc.verification.benchmarks.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ttrpc.MessageReader;
import dev.ttrpc.Status;
import dev.ttrpc.benchmark.v1.Benchmark;
import dev.ttrpc.benchmark.v1.BenchmarkTtrpc;
import dev.ttrpc.benchmark.v1.EchoMessage;
import dev.ttrpc.benchmark.v1.UploadResponse;
import dev.ttrpc.server.TtrpcServer;
import dev.ttrpc.verification.benchmarks.LoadResult;
import dev.ttrpc.verification.benchmarks.Work;
import dev.ttrpc.verification.benchmarks.Work.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawCallerTests {
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    @Test
    void everyAnswerIsCountedOnce() throws Exception {
        AtomicLong handled = new AtomicLong();
        Benchmark counting = new Benchmark() {
            @Override
            public EchoMessage echo(EchoMessage request) {
                handled.incrementAndGet();
                return request;
            }
        };
        for (Work work : new Work[] {
            Work.unary(64, 1), Work.unary(0, 100), Work.unary(400_000, 3), new Work(Kind.UNARY, 64, 20, 7)
        }) {
            handled.set(0);
            LoadResult result = run(counting, work);
            assertThat(result.count()).isPositive().isEqualTo(handled.get());
        }
    }

    @Test
    void anAnswerWithAnotherPayloadIsAnError() {
        Benchmark other = new Benchmark() {
            @Override
            public EchoMessage echo(EchoMessage request) {
                byte[] bytes = request.getPayload().toByteArray();
                bytes[bytes.length - 1]++;
                return EchoMessage.newBuilder()
                        .setPayload(com.google.protobuf.ByteString.copyFrom(bytes))
                        .build();
            }
        };
        assertThatIOException()
                .isThrownBy(() -> run(other, Work.unary(64, 1)))
                .withMessageContaining("something else than its payload");
    }

    @Test
    void aFailureIsAnError() {
        Benchmark failing = new Benchmark() {
            @Override
            public EchoMessage echo(EchoMessage request) {
                throw Status.ABORTED.asException();
            }
        };
        assertThatIOException().isThrownBy(() -> run(failing, Work.unary(64, 1)));
    }

    @Test
    void anUploadOfWhichAMessageIsLostIsAnError() {
        Benchmark losing = new Benchmark() {
            @Override
            public UploadResponse upload(MessageReader<EchoMessage> requests) {
                long messages = -1;
                while (requests.read() != null) {
                    messages++;
                }
                return UploadResponse.newBuilder().setMessages(messages).build();
            }
        };
        assertThatIOException()
                .isThrownBy(() -> run(losing, new Work(Kind.UPLOAD, 64, 1, 1)))
                .withMessageContaining("was not answered with its");
    }

    @Test
    void aServerThatIsNotThereIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> new RawCaller().run(Work.unary(64, 1), folder.resolve("nobody"), SHORT));
    }

    private LoadResult run(Benchmark service, Work work) throws Exception {
        Path socket = folder.resolve("s");
        try (TtrpcServer server = TtrpcServer.builder()
                .listen("unix:" + socket)
                .service(BenchmarkTtrpc.bind(service))
                .build()) {
            server.start();
            return new RawCaller().run(work, socket, SHORT);
        }
    }
}
