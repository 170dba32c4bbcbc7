package dev.ttrpc.sample.report;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.ttrpc.ConnectionLostException;
import dev.ttrpc.MessageReader;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.sample.v1.DescribeRequest;
import dev.ttrpc.sample.v1.FileChunk;
import dev.ttrpc.sample.v1.FileSummary;
import dev.ttrpc.sample.v1.LoadSample;
import dev.ttrpc.sample.v1.NodeAgentClient;
import dev.ttrpc.sample.v1.NodeDescription;
import dev.ttrpc.sample.v1.Process;
import dev.ttrpc.sample.v1.ProcessMatches;
import dev.ttrpc.sample.v1.ProcessQuery;
import dev.ttrpc.sample.v1.WatchRequest;
import dev.ttrpc.spring.TtrpcClient;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls a node agent and prints what it answers. {@code --file=PATH} names the file to send; {@code --watch} follows the load until the agent
 * shuts down, instead of the report.
 */
@Component
public class NodeReport implements ApplicationRunner {
    private static final CallOptions SOON = CallOptions.deadline(Duration.ofSeconds(20));
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int SAMPLES = 5;
    private static final int CHUNK_SIZE = 256 * 1024;
    private static final int PROCESSES = 3;
    private static final int FURTHER_CALLS = 500;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final NodeAgentClient agent;
    private final CallCosts costs;
    private final PrintStream out = System.out;
    private volatile boolean stopping; // set by the thread that ends the application

    NodeReport(@TtrpcClient("node-agent") NodeAgentClient agent, CallCosts costs) {
        this.agent = agent;
        this.costs = costs;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        try {
            if (arguments.containsOption("watch")) {
                watch(WatchRequest.getDefaultInstance());
            } else {
                report(file(arguments));
            }
        } catch (TtrpcException e) {
            if (stopping) {
                return; // whom we call has ended with us
            }
            throw e instanceof ConnectionLostException ? unanswered(e) : e;
        }
    }

    /** What fails from now on fails because the application ends. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }

    private void report(Path file) throws IOException {
        describe();
        section("load, " + SAMPLES + " samples " + INTERVAL.toMillis() + " ms apart");
        watch(WatchRequest.newBuilder()
                .setInterval(com.google.protobuf.Duration.newBuilder().setNanos(INTERVAL.getNano()))
                .setCount(SAMPLES)
                .build());
        section("file " + file.toAbsolutePath());
        ingest(file);
        section("processes");
        find(List.of("java", "sh", "no such process"));
        section("calls, " + FURTHER_CALLS + " more of Describe included");
        for (int i = 0; i < FURTHER_CALLS; i++) {
            agent.describe(DescribeRequest.getDefaultInstance(), SOON);
        }
        costs.print(out);
        out.println();
    }

    private void describe() {
        NodeDescription node = agent.describe(DescribeRequest.getDefaultInstance(), SOON);
        section("node " + node.getHostName());
        row("system", node.getOperatingSystem() + ", " + node.getArchitecture());
        row("cores", node.getLogicalCores() + " logical, " + node.getPhysicalCores() + " physical");
        row(
                "memory",
                Units.bytes(node.getMemoryTotalBytes()) + ", " + Units.bytes(node.getMemoryAvailableBytes())
                        + " of it available");
        row("up", Units.time(Duration.ofSeconds(node.getUptime().getSeconds())));
    }

    private void watch(WatchRequest request) {
        try (MessageReader<LoadSample> samples = agent.watch(request)) {
            for (LoadSample sample : samples) {
                row(
                        TIME.format(instant(sample.getTime())),
                        "cpu " + Units.percent(sample.getCpuLoad()) + ", memory "
                                + Units.bytes(sample.getMemoryUsedBytes()) + " of "
                                + Units.bytes(sample.getMemoryTotalBytes()));
            }
        }
    }

    private void ingest(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        FileSummary summary;
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), sha256);
                UploadCall<FileChunk, FileSummary> upload = agent.ingest()) {
            for (byte[] chunk = content.readNBytes(CHUNK_SIZE);
                    chunk.length > 0;
                    chunk = content.readNBytes(CHUNK_SIZE)) {
                upload.write(FileChunk.newBuilder()
                        .setContent(ByteString.copyFrom(chunk))
                        .build());
            }
            summary = upload.finish();
        }
        row("arrived", String.format(Locale.ROOT, "%,d bytes in %,d chunks", summary.getBytes(), summary.getChunks()));
        row("sha-256", Units.hex(summary.getSha256().toByteArray()));
        boolean same =
                MessageDigest.isEqual(sha256.digest(), summary.getSha256().toByteArray());
        row("", same ? "the same as of the file sent" : "NOT that of the file sent");
    }

    private void find(List<String> names) {
        try (DuplexCall<ProcessQuery, ProcessMatches> call = agent.find(SOON)) {
            for (String name : names) {
                call.write(ProcessQuery.newBuilder()
                        .setNameContains(name)
                        .setLimit(PROCESSES)
                        .build());
            }
            call.finish();
            for (ProcessMatches matches : call) {
                row(matches.getNameContains(), matches.getFound() + " found");
                matches.getProcessesList().forEach(this::process);
            }
        }
    }

    private void process(Process process) {
        row(
                "",
                "pid " + process.getPid() + ", " + process.getName() + " of " + process.getUser() + ", "
                        + Units.bytes(process.getResidentBytes()));
    }

    private void section(String title) {
        out.println();
        out.println(title);
    }

    private void row(String name, String value) {
        out.printf(Locale.ROOT, "  %-15s  %s%n", name, value);
    }

    /** The file named in the arguments, or one that is always there: the application itself. */
    private static Path file(ApplicationArguments arguments) {
        List<String> named = arguments.getOptionValues("file");
        if (named != null && !named.isEmpty()) {
            Path file = Path.of(named.get(0));
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new FailureAnalyzedException(
                        "There is no file " + file.toAbsolutePath() + " that can be read.", "Change --file.");
            }
            return file;
        }
        File application = new ApplicationHome(NodeReport.class).getSource();
        return application != null && application.isFile()
                ? application.toPath()
                : Path.of(System.getProperty("java.home"), "release");
    }

    private static FailureAnalyzedException unanswered(TtrpcException lost) {
        return new FailureAnalyzedException(
                "No node agent answers: " + lost.status().description() + ".",
                "Start one in another terminal: the same command without the profile client.",
                lost);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
