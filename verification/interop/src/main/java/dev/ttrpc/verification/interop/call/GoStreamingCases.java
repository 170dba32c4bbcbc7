package dev.ttrpc.verification.interop.call;

import com.google.protobuf.Empty;
import dev.ttrpc.MessageReader;
import dev.ttrpc.StatusCode;
import dev.ttrpc.client.DuplexCall;
import dev.ttrpc.client.UploadCall;
import dev.ttrpc.peers.integration.EchoPayload;
import dev.ttrpc.peers.integration.Part;
import dev.ttrpc.peers.integration.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service of Go's own integration test: what that test asks, and what it does not. */
final class GoStreamingCases {
    private static final List<ConformanceCase> EACH = List.of(
            new ConformanceCase("streaming-echo", "Echo counts one up", GoStreamingCases::echo),
            new ConformanceCase(
                    "streaming-echo-stream", "EchoStream answers in turns, then ends", GoStreamingCases::echoStream),
            new ConformanceCase("streaming-sum", "SumStream totals 202 parts, empty ones too", GoStreamingCases::sum),
            new ConformanceCase(
                    "streaming-divide",
                    "DivideStream sends 30 parts, the first and last empty",
                    GoStreamingCases::divide),
            new ConformanceCase(
                    "streaming-echo-null", "EchoNull answers 100 messages with nothing", GoStreamingCases::echoNull),
            new ConformanceCase(
                    "streaming-echo-null-refused",
                    "EchoNull refuses a message out of its turn",
                    GoStreamingCases::echoNullRefused),
            new ConformanceCase(
                    "streaming-echo-null-stream",
                    "EchoNullStream answers each of 100 with ten empty ones",
                    GoStreamingCases::echoNullStream),
            new ConformanceCase(
                    "streaming-empty-payload",
                    "EmptyPayloadStream answers nothing with two messages",
                    GoStreamingCases::emptyPayload));

    static final List<ConformanceCase> ALL = new ArrayList<>(EACH);

    static {
        ALL.add(new ConformanceCase(
                "streaming-all-at-once", "all of these ten times at once", GoStreamingCases::allAtOnce));
    }

    private static final int MESSAGES = 100;
    private static final int PARTS = 30;
    private static final int TIMES = 10;
    private static final int ANSWERS_TO_EACH = 10;

    private GoStreamingCases() {}

    private static void echo(Server server) {
        Expect.equal("the answer", server.streaming().echo(echoMe(1)), echoMe(2));
    }

    private static EchoPayload echoMe(int seq) {
        return EchoPayload.newBuilder().setSeq(seq).setMsg("echo me").build();
    }

    private static void echoStream(Server server) {
        try (DuplexCall<EchoPayload, EchoPayload> call = server.streaming().echoStream()) {
            for (int seq = 0; seq < MESSAGES; seq += 2) {
                call.write(echoMe(seq));
                Expect.equal("the answer", call.read(), echoMe(seq + 1));
            }
            call.finish();
            Expect.equal("what follows the last answer", call.read(), null);
        }
    }

    private static void sum(Server server) {
        try (UploadCall<Part, Sum> call = server.streaming().sumStream()) {
            call.write(Part.getDefaultInstance());
            for (int add = -99; add <= MESSAGES; add++) {
                call.write(Part.newBuilder().setAdd(add).build());
            }
            call.write(Part.getDefaultInstance());
            Expect.equal(
                    "the answer",
                    call.finish(),
                    Sum.newBuilder().setSum(MESSAGES).setNum(2 * MESSAGES + 2).build());
        }
    }

    private static void divide(Server server) {
        int sum = 392;
        int total = 0;
        try (MessageReader<Part> parts = server.streaming()
                .divideStream(Sum.newBuilder().setSum(sum).setNum(PARTS).build())) {
            for (int i = 0; i < PARTS; i++) {
                Part part = Expect.notNull("part " + i, parts.read());
                if (i == 0 || i == PARTS - 1) {
                    Expect.equal("the part at an end", part, Part.getDefaultInstance());
                }
                total += part.getAdd();
            }
            Expect.equal("what follows the last part", parts.read(), null);
        }
        Expect.equal("the sum of all parts", total, sum);
    }

    private static EchoPayload nonEmpty(int seq) {
        return EchoPayload.newBuilder().setSeq(seq).setMsg("non-empty empty").build();
    }

    private static void echoNull(Server server) {
        try (UploadCall<EchoPayload, Empty> call = server.streaming().echoNull()) {
            for (int seq = 0; seq < MESSAGES; seq++) {
                call.write(nonEmpty(seq));
            }
            Expect.equal("the answer", call.finish(), Empty.getDefaultInstance());
        }
    }

    private static void echoNullRefused(Server server) throws Exception {
        try (UploadCall<EchoPayload, Empty> call = server.streaming().echoNull()) {
            call.write(nonEmpty(1));
            Expect.status(StatusCode.INVALID_ARGUMENT, call::finish);
        }
        echo(server);
    }

    private static void echoNullStream(Server server) throws Exception {
        try (DuplexCall<EchoPayload, Empty> call = server.streaming().echoNullStream()) {
            CompletableFuture<Boolean> writing = Background.start(() -> {
                for (int seq = 0; seq < MESSAGES; seq++) {
                    call.write(nonEmpty(seq));
                }
                call.finish();
                return true;
            });
            int received = 0;
            for (Empty answer = call.read(); answer != null; answer = call.read()) {
                received++;
            }
            Background.result(writing);
            Expect.equal("the number of answers", received, MESSAGES * ANSWERS_TO_EACH);
        }
    }

    private static void emptyPayload(Server server) {
        try (MessageReader<EchoPayload> messages = server.streaming().emptyPayloadStream(Empty.getDefaultInstance())) {
            for (int seq = 1; seq <= 2; seq++) {
                EchoPayload message = Expect.notNull("message " + seq, messages.read());
                Expect.equal("its number", message.getSeq(), seq);
            }
            Expect.equal("what follows the last message", messages.read(), null);
        }
    }

    private static void allAtOnce(Server server) throws Exception {
        List<CompletableFuture<Boolean>> running = new ArrayList<>();
        for (ConformanceCase each : EACH) {
            for (int i = 0; i < TIMES; i++) {
                running.add(Background.start(() -> {
                    each.body().run(server);
                    return true;
                }));
            }
        }
        for (CompletableFuture<Boolean> each : running) {
            Background.result(each);
        }
    }
}
