package dev.ttrpc.sample.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.sample.v1.DescribeRequest;
import dev.ttrpc.sample.v1.FileChunk;
import dev.ttrpc.sample.v1.FileSummary;
import dev.ttrpc.sample.v1.LoadSample;
import dev.ttrpc.sample.v1.NodeAgentClient;
import dev.ttrpc.sample.v1.NodeAgentTtrpc;
import dev.ttrpc.sample.v1.NodeDescription;
import dev.ttrpc.sample.v1.Process;
import dev.ttrpc.sample.v1.ProcessMatches;
import dev.ttrpc.sample.v1.ProcessQuery;
import dev.ttrpc.sample.v1.WatchRequest;
import dev.ttrpc.server.TtrpcServer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeAgentTests {
    private static final Duration INTERVAL =
            Duration.newBuilder().setNanos(100_000_000).build();

    private TtrpcServer server;
    private TtrpcChannel channel;
    private NodeAgentClient agent;

    @BeforeEach
    void start() throws IOException {
        server = TtrpcServer.builder()
                .listen("in-process:node-agent")
                .service(NodeAgentTtrpc.bind(new NodeAgentEndpoint(new Machine())))
                .build()
                .start();
        channel = TtrpcChannel.to("in-process:node-agent");
        agent = NodeAgentTtrpc.client(channel);
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    @Test
    void describesThisMachine() {
        NodeDescription node = agent.describe(DescribeRequest.getDefaultInstance());

        assertThat(node.getHostName()).isNotBlank();
        assertThat(node.getOperatingSystem()).isNotBlank();
        assertThat(node.getArchitecture()).isEqualTo(System.getProperty("os.arch"));
        assertThat(node.getLogicalCores()).isPositive();
        assertThat(node.getMemoryTotalBytes()).isPositive();
        assertThat(node.getMemoryAvailableBytes()).isPositive().isLessThan(node.getMemoryTotalBytes());
        assertThat(node.getUptime().getSeconds()).isPositive();
    }

    @Test
    void watchSendsAsManySamplesAsAskedFor() {
        List<LoadSample> samples = new ArrayList<>();
        agent.watch(watch(3)).forEach(samples::add);

        assertThat(samples).hasSize(3).allSatisfy(sample -> {
            assertThat(sample.getCpuLoad()).isBetween(0.0, 1.0);
            assertThat(sample.getMemoryUsedBytes()).isPositive().isLessThan(sample.getMemoryTotalBytes());
        });
    }

    @Test
    void watchEndsWellWhenADrainBegins() {
        try (MessageReader<LoadSample> samples = agent.watch(watch(0))) {
            assertThat(samples.read()).isNotNull();

            CompletableFuture<Integer> drained = server.shutdown(java.time.Duration.ofMinutes(1));
            samples.forEach(sample -> assertThat(sample.getMemoryTotalBytes()).isPositive());

            assertThat(drained).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(0);
        }
    }

    @Test
    void watchEndsAtItsDeadline() {
        MessageReader<LoadSample> samples =
                agent.watch(WatchRequest.getDefaultInstance(), CallOptions.deadline(java.time.Duration.ofMillis(200)));

        assertThatExceptionOfType(TtrpcException.class)
                .isThrownBy(samples::read)
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
        await().until(() -> server.runningHandlers() == 0);
    }

    @Test
    void watchEndsWithItsConnection() {
        assertThat(agent.watch(watch(0)).read()).isNotNull();

        channel.close();

        await().until(() -> server.runningHandlers() == 0);
    }

    @Test
    void watchRefusesAnIntervalOutOfRange() {
        for (Duration interval : List.of(
                Duration.getDefaultInstance(),
                Duration.newBuilder().setSeconds(Long.MAX_VALUE).build())) {
            MessageReader<LoadSample> samples =
                    agent.watch(WatchRequest.newBuilder().setInterval(interval).build());

            assertThatExceptionOfType(TtrpcException.class)
                    .isThrownBy(samples::read)
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.INVALID_ARGUMENT))
                    .withMessageContaining("between 100 ms and one day");
        }
    }

    @Test
    void ingestCountsAndDigestsWhatArrives() throws GeneralSecurityException {
        byte[] chunk = new byte[300_000];
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        FileSummary summary;
        try (UploadCall<FileChunk, FileSummary> upload = agent.ingest()) {
            for (int i = 0; i < 10; i++) {
                chunk[i] = (byte) i;
                sha256.update(chunk);
                upload.write(FileChunk.newBuilder()
                        .setContent(ByteString.copyFrom(chunk))
                        .build());
            }
            summary = upload.finish();
        }

        assertThat(summary.getChunks()).isEqualTo(10);
        assertThat(summary.getBytes()).isEqualTo(3_000_000);
        assertThat(summary.getSha256().toByteArray()).isEqualTo(sha256.digest());
    }

    @Test
    void ingestOfNothingHasTheDigestOfNothing() throws GeneralSecurityException {
        try (UploadCall<FileChunk, FileSummary> upload = agent.ingest()) {
            FileSummary summary = upload.finish();

            assertThat(summary.getBytes()).isZero();
            assertThat(summary.getSha256().toByteArray())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest());
        }
    }

    @Test
    void findAnswersInTheOrderOfTheQueries() {
        List<String> names = List.of("no such process", "JAVA", "");
        List<ProcessMatches> answers = new ArrayList<>();
        try (DuplexCall<ProcessQuery, ProcessMatches> call = agent.find()) {
            names.forEach(name ->
                    call.write(ProcessQuery.newBuilder().setNameContains(name).build()));
            call.finish();
            call.forEach(answers::add);
        }

        assertThat(answers).extracting(ProcessMatches::getNameContains).containsExactlyElementsOf(names);
        assertThat(answers.get(0).getFound()).isZero();
        assertThat(answers.get(1).getProcessesList())
                .extracting(Process::getPid)
                .contains((int) ProcessHandle.current().pid());
        assertThat(answers.get(2).getFound())
                .isGreaterThanOrEqualTo(answers.get(1).getFound());
    }

    @Test
    void findNamesTheLargestAsManyAsAskedFor() {
        try (DuplexCall<ProcessQuery, ProcessMatches> call = agent.find()) {
            call.write(ProcessQuery.newBuilder().setLimit(1).build());
            call.finish();

            assertThat(call.read().getProcessesList()).singleElement().satisfies(process -> {
                assertThat(process.getName()).isNotBlank();
                assertThat(process.getResidentBytes()).isPositive();
            });
        }
    }

    private static WatchRequest watch(int count) {
        return WatchRequest.newBuilder().setInterval(INTERVAL).setCount(count).build();
    }
}
