package dev.ttrpc.verification.benchmarks.figures;

import dev.ttrpc.StatusCode;
import dev.ttrpc.benchmark.v1.LoadMessage;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.verification.benchmarks.load.Baseline;
import dev.ttrpc.verification.benchmarks.load.Expected;
import dev.ttrpc.verification.benchmarks.load.Footprint;
import dev.ttrpc.verification.benchmarks.load.LoadMethods;
import dev.ttrpc.verification.benchmarks.load.Payloads;
import dev.ttrpc.verification.benchmarks.load.ServerProcess;
import dev.ttrpc.verification.benchmarks.load.ThisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Calls that are given up in each of the four ways, over connections that stay open. */
final class CancelledCalls implements Figure {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The peer is not told of a cancellation; this ends its side. */
    private static final CallOptions SHORT = CallOptions.deadline(Duration.ofSeconds(2));

    private static final int AT_ONCE = 50;
    /** So many that none of them reaches the limit of calls, with what the server still keeps. */
    private static final int CONNECTIONS = 5;

    private static final LoadMessage NOTHING = LoadMessage.getDefaultInstance();

    @Override
    public String name() {
        return "cancelled-10000";
    }

    @Override
    public String shows() {
        return "10,000 calls cancelled by deadline, close, future and interrupt leave nothing on either side";
    }

    @Override
    public void run(Scale scale, Measures measures) throws Exception {
        int ofEach = scale.of(2_500, 250) / CONNECTIONS;
        List<TtrpcChannel> channels = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                channels.add(TtrpcChannel.to(server.unix()));
                cancel(channels.get(i), AT_ONCE);
            }
            // those before the baseline end
            Await.until(
                    "the deadlines of the first calls",
                    PATIENCE,
                    () -> server.glance().get(Footprint.CALLS) == 0
                            && server.glance().get(Footprint.HANDLERS) == 0);
            Baseline ofServer = Baseline.of(server);
            Baseline ofClient = Baseline.of(new ThisProcess());
            int cancelled = 0;
            int live = 0;
            for (TtrpcChannel channel : channels) {
                cancelled += cancel(channel, ofEach);
                live += channel.liveCalls();
            }
            measures.exactly("cancelled", cancelled, 4L * ofEach * CONNECTIONS);
            measures.exactly("calls of the channels at once behind their last", live, 0);
            measures.nothing("left in the client, its connections open", ofClient.awaitReturn(PATIENCE));
            measures.nothing("left in the server", ofServer.awaitReturn(PATIENCE));
            for (TtrpcChannel channel : channels) {
                Payloads.check(
                        channel.unary(LoadMethods.BLOCKING.echo(), Payloads.message(1, 1), CallOptions.DEFAULT), 1, 1);
            }
        } finally {
            channels.forEach(TtrpcChannel::close);
        }
    }

    private static int cancel(TtrpcChannel channel, int ofEach) throws InterruptedException {
        int cancelled = 0;
        for (int i = 0; i < ofEach; i += AT_ONCE) {
            cancelled += byDeadline(channel) + byFuture(channel) + byClose(channel) + byInterrupt(channel);
        }
        return cancelled;
    }

    private static LoadMethods methods(int i) {
        return LoadMethods.BOTH.get(i % 2);
    }

    private static int byDeadline(TtrpcChannel channel) throws InterruptedException {
        List<CompletableFuture<LoadMessage>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            CallOptions options = CallOptions.deadline(Duration.ofMillis(1 + i % 10));
            calls.add(channel.unaryAsync(methods(i).hang(), NOTHING, options));
        }
        for (CompletableFuture<LoadMessage> call : calls) {
            Expected.failure(StatusCode.DEADLINE_EXCEEDED, () -> Expected.result(call));
        }
        return calls.size();
    }

    private static int byFuture(TtrpcChannel channel) throws InterruptedException {
        List<CompletableFuture<LoadMessage>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            calls.add(channel.unaryAsync(LoadMethods.ASYNC.hang(), NOTHING, SHORT));
        }
        for (CompletableFuture<LoadMessage> call : calls) {
            call.cancel(true);
            Expected.failure(StatusCode.CANCELLED, () -> Expected.result(call));
        }
        return calls.size();
    }

    private static int byClose(TtrpcChannel channel) {
        for (int i = 0; i < AT_ONCE; i++) {
            try (DuplexCall<LoadMessage, LoadMessage> call = channel.bidiStreaming(LoadMethods.ASYNC.chat(), SHORT)) {
                call.write(Payloads.message(i, 10));
            }
        }
        return AT_ONCE;
    }

    private static int byInterrupt(TtrpcChannel channel) throws InterruptedException {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            Thread caller = new Thread(
                    () -> {
                        try {
                            channel.unary(LoadMethods.ASYNC.hang(), NOTHING, SHORT);
                            end.complete(null);
                        } catch (RuntimeException e) {
                            end.completeExceptionally(e);
                        }
                    },
                    "interrupted caller");
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
            ends.add(end);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        callers.forEach(Thread::interrupt);
        for (CompletableFuture<Void> end : ends) {
            Expected.failure(StatusCode.CANCELLED, () -> Expected.result(end));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return ends.size();
    }
}
