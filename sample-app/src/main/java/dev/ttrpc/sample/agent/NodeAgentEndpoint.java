package dev.ttrpc.sample.agent;

import dev.ttrpc.CallContext;
import dev.ttrpc.MessageReader;
import dev.ttrpc.MessageWriter;
import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.sample.v1.DescribeRequest;
import dev.ttrpc.sample.v1.FileChunk;
import dev.ttrpc.sample.v1.FileSummary;
import dev.ttrpc.sample.v1.LoadSample;
import dev.ttrpc.sample.v1.NodeAgent;
import dev.ttrpc.sample.v1.NodeDescription;
import dev.ttrpc.sample.v1.ProcessMatches;
import dev.ttrpc.sample.v1.ProcessQuery;
import dev.ttrpc.sample.v1.WatchRequest;
import dev.ttrpc.spring.TtrpcEndpoint;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Profile;

/** Serves what this machine tells of itself. */
@TtrpcEndpoint
@Profile("!client")
class NodeAgentEndpoint implements NodeAgent {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    private final Machine machine;

    NodeAgentEndpoint(Machine machine) {
        this.machine = machine;
    }

    // snippet: kinds
    @Override
    public NodeDescription describe(DescribeRequest request) {
        return machine.describe();
    }

    @Override
    public FileSummary ingest(MessageReader<FileChunk> chunks) {
        FileDigest digest = new FileDigest();
        chunks.forEach(digest::add);
        return digest.summary();
    }

    @Override
    public void find(MessageReader<ProcessQuery> queries, MessageWriter<ProcessMatches> matches) {
        for (ProcessQuery query : queries) {
            matches.write(machine.find(query));
        }
    }
    // end

    // snippet: watch
    /** Ends well when the application begins to shut down; without {@code onDrain} an endless watch would be cut off at the end of the drain. */
    @Override
    public void watch(WatchRequest request, MessageWriter<LoadSample> samples) throws InterruptedException {
        long interval = interval(request).toMillis();
        long count = Integer.toUnsignedLong(request.getCount());
        CountDownLatch over = new CountDownLatch(1);
        CallContext call = Objects.requireNonNull(CallContext.current());
        call.onDrain(over::countDown);
        call.onCancel(reason -> over.countDown());
        LoadMeter meter = machine.loadMeter();
        for (long sent = 0; count == 0 || sent < count; sent++) {
            if (over.await(interval, TimeUnit.MILLISECONDS)) {
                return;
            }
            samples.write(meter.sample());
        }
    }
    // end

    private static Duration interval(WatchRequest request) {
        if (!request.hasInterval()) {
            return DEFAULT_INTERVAL;
        }
        Duration interval = Duration.ofSeconds(
                request.getInterval().getSeconds(), request.getInterval().getNanos());
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new TtrpcException(
                    Status.INVALID_ARGUMENT.withDescription("interval has to be between 100 ms and one day"));
        }
        return interval;
    }
}
