package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.verification.benchmarks.load.Latencies;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.SteadyCaller;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** One connection with an upload, a stream that is stalled, and unary calls. */
final class OrderBesideStall implements Figure {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MESSAGE = 64;
    private static final int STALLED_MESSAGE = 64 << 10;
    /** 4 MiB, where a connection may hold 16. */
    private static final int WITHIN_BUDGET = 64;
    /** 32 MiB. */
    private static final int BEYOND_BUDGET = 512;

    private static final double P99_MILLIS = 50;
    /** The time-out, and what the machine may take besides. */
    private static final double ONE_STALL_MILLIS = 1_250;
    /** What takes longer has waited for the stalled stream, nearly its whole time-out, and not just for an upload that is faster than its handler. */
    private static final double WAITED_MILLIS = 800;

    @Override
    public String name() {
        return "order-beside-stall";
    }

    @Override
    public String shows() {
        return "100,000 messages in order beside a stalled stream and 1,000 calls, within its budget and beyond it";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int messages = scale.of(100_000, 5_000);
        int calls = scale.of(1_000, 100);
        try (ServerProcess server = ServerProcess.start();
                TtrpcChannel channel = TtrpcChannel.to(server.unix())) {
            upload(channel, messages / 10); // code is compiled, pools are filled
            for (LoadMethods methods : LoadMethods.BOTH) {
                within(channel, methods, messages, calls, scale, measures);
                beyond(channel, methods, messages, calls, scale, measures);
            }
        }
    }

    private static void within(
            TtrpcChannel channel, LoadMethods methods, int messages, int calls, Scale scale, Measures measures)
            throws Exception {
        Latencies latencies;
        int arrived;
        boolean ended;
        try (UploadCall<LoadMessage, LoadMessage> stalled =
                channel.clientStreaming(methods.stall(), CallOptions.DEFAULT)) {
            for (int i = 0; i < WITHIN_BUDGET; i++) {
                stalled.write(Payloads.message(i, STALLED_MESSAGE));
            }
            SteadyCaller caller = SteadyCaller.start(channel, calls, Duration.ZERO);
            arrived = upload(channel, messages);
            latencies = caller.end(PATIENCE);
            ended = stalled.isEnded();
        }
        String where = " within the budget of " + methods;
        measures.exactly("messages in order" + where, arrived, messages);
        measures.exactly("stalled streams that failed" + where, ended ? 1 : 0, 0);
        measures.below(
                "p99 of " + latencies.count() + " calls" + where, latencies.p99Millis(), scale.limitMillis(P99_MILLIS));
        measures.note(String.format(Locale.ROOT, "longest %.1f ms", latencies.longestMillis()));
    }

    private static void beyond(
            TtrpcChannel channel, LoadMethods methods, int messages, int calls, Scale scale, Measures measures)
            throws Exception {
        SteadyCaller caller = SteadyCaller.start(channel, calls, Duration.ZERO);
        FutureTask<StatusCode> stalled = new FutureTask<>(() -> writeUntilStalled(channel, methods));
        Thread writer = new Thread(stalled, "stalled stream");
        writer.setDaemon(true);
        writer.start();
        int arrived = upload(channel, messages);
        StatusCode end = stalled.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Latencies latencies = caller.end(PATIENCE);
        String where = " beyond the budget of " + methods;
        measures.exactly("messages in order" + where, arrived, messages);
        measures.exactly("stalled stream failed with code" + where, end.value(), StatusCode.RESOURCE_EXHAUSTED.value());
        measures.below(
                "longest of " + latencies.count() + " calls" + where,
                latencies.longestMillis(),
                scale.limitMillis(ONE_STALL_MILLIS));
        if (scale == Scale.FULL) {
            measures.atMost("calls that waited for it", latencies.longerThan(WAITED_MILLIS), 1);
        }
    }

    private static StatusCode writeUntilStalled(TtrpcChannel channel, LoadMethods methods) {
        try (UploadCall<LoadMessage, LoadMessage> stalled =
                channel.clientStreaming(methods.stall(), CallOptions.DEFAULT)) {
            for (int i = 0; i < BEYOND_BUDGET; i++) {
                stalled.write(Payloads.message(i, STALLED_MESSAGE));
            }
            stalled.finish();
            return StatusCode.OK;
        } catch (TtrpcException e) {
            return e.status().code();
        }
    }

    private static int upload(TtrpcChannel channel, int messages) {
        try (UploadCall<LoadMessage, LoadMessage> upload =
                channel.clientStreaming(LoadMethods.BLOCKING.upload(), CallOptions.DEFAULT)) {
            for (int i = 0; i < messages; i++) {
                upload.write(Payloads.message(i, MESSAGE));
            }
            return upload.finish().getCount();
        }
    }
}
