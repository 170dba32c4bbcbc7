package dev.ttrpc.verification.interop.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.ttrpc.Metadata;
import dev.ttrpc.client.CallOptions;
import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.conformance.v1.Pair;
import dev.ttrpc.conformance.v1.UnaryRequest;
import dev.ttrpc.conformance.v1.UnaryResponse;
import java.util.List;

/** One request, one answer, and what travels with the request. */
final class UnaryCases {
    static final List<ConformanceCase> ALL = List.of(
            new ConformanceCase("unary-echo", "a unary call brings its payload back", UnaryCases::echo),
            new ConformanceCase(
                    "unary-names", "the handler sees the exact proto names, and no deadline", UnaryCases::names),
            new ConformanceCase("unary-empty", "the empty message in both directions", UnaryCases::empty),
            new ConformanceCase("unary-large", "1 MiB there and back", UnaryCases::large),
            new ConformanceCase("unary-bytes", "each value of a byte comes back", UnaryCases::bytes),
            new ConformanceCase(
                    "unary-answer-larger", "an answer much larger than its request", UnaryCases::answerLarger),
            new ConformanceCase(
                    "unary-one-after-another", "1,000 calls, each after the one before", UnaryCases::oneAfterAnother),
            new ConformanceCase(
                    "metadata-values", "several values of a key arrive in their order", UnaryCases::metadataValues),
            new ConformanceCase("metadata-case", "keys arrive in lower case", UnaryCases::metadataCase),
            new ConformanceCase("metadata-empty-value", "an empty value arrives", UnaryCases::metadataEmptyValue),
            new ConformanceCase("metadata-text", "a value is any text", UnaryCases::metadataText),
            new ConformanceCase("metadata-many", "100 keys arrive, each with its value", UnaryCases::metadataMany),
            new ConformanceCase("metadata-large", "a value of 32 KiB arrives", UnaryCases::metadataLarge),
            new ConformanceCase(
                    "metadata-own", "each call brings its own metadata and no other's", UnaryCases::metadataOwn));

    private static final int MIB = 1 << 20;

    private UnaryCases() {}

    private static void echo(Server server) {
        ByteString payload = ByteString.copyFromUtf8("echo");
        Expect.equal("payload", call(server, payload, CallOptions.DEFAULT).getPayload(), payload);
    }

    private static void names(Server server) {
        CallInfo call = call(server, ByteString.EMPTY, CallOptions.DEFAULT).getCall();
        Expect.equal("service", call.getService(), ConformanceTtrpc.SERVICE_NAME);
        Expect.equal("method", call.getMethod(), ConformanceTtrpc.UNARY.name());
        Expect.equal("remaining nanos", call.getRemainingNanos(), 0L);
        Expect.equal("metadata", call.getMetadataList(), List.of());
    }

    private static void empty(Server server) {
        server.client().nothing(Empty.getDefaultInstance());
        Expect.equal(
                "payload", call(server, ByteString.EMPTY, CallOptions.DEFAULT).getPayload(), ByteString.EMPTY);
    }

    private static void large(Server server) {
        ByteString payload = ByteString.copyFromUtf8("0123456789abcdef".repeat(MIB / 16));
        Expect.isTrue(
                "the payload came back",
                call(server, payload, CallOptions.DEFAULT).getPayload().equals(payload));
    }

    private static void bytes(Server server) {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        ByteString payload = ByteString.copyFrom(every);
        Expect.equal("payload", call(server, payload, CallOptions.DEFAULT).getPayload(), payload);
    }

    private static void answerLarger(Server server) {
        UnaryRequest request =
                UnaryRequest.newBuilder().setResponseSize(3 * MIB).build();
        Expect.isTrue(
                "3 MiB of zeros came",
                server.client().unary(request).getPayload().equals(Messages.zeros(3 * MIB)));
    }

    private static void oneAfterAnother(Server server) {
        for (int i = 0; i < 1_000; i++) {
            ByteString payload = ByteString.copyFromUtf8("call " + i);
            Expect.equal("payload", call(server, payload, CallOptions.DEFAULT).getPayload(), payload);
        }
    }

    private static void metadataValues(Server server) {
        Metadata sent = Metadata.builder()
                .add("trace", "one")
                .add("other", "between")
                .add("trace", "two")
                .add("trace", "three")
                .build();
        Expect.equal("values of trace", valuesOf(server, sent, "trace"), List.of("one", "two", "three"));
        Expect.equal("values of other", valuesOf(server, sent, "other"), List.of("between"));
    }

    private static void metadataCase(Server server) {
        Expect.equal("values of x-mixed", valuesOf(server, Metadata.of("X-Mixed", "v"), "x-mixed"), List.of("v"));
    }

    private static void metadataEmptyValue(Server server) {
        Metadata sent = Metadata.builder()
                .add("empty", "")
                .add("empty", "x")
                .add("empty", "")
                .build();
        Expect.equal("values", valuesOf(server, sent, "empty"), List.of("", "x", ""));
    }

    private static void metadataText(Server server) {
        String text = "grüße, 世界 \uD83D\uDE80\n";
        Expect.equal("values", valuesOf(server, Metadata.of("text", text), "text"), List.of(text));
    }

    private static void metadataMany(Server server) {
        Metadata.Builder sent = Metadata.builder();
        for (int i = 0; i < 100; i++) {
            sent.add("key-" + i, "value " + i);
        }
        List<Pair> seen = call(server, ByteString.EMPTY, CallOptions.DEFAULT.withMetadata(sent.build()))
                .getCall()
                .getMetadataList();
        Expect.equal("number of pairs", seen.size(), 100);
        for (Pair pair : seen) {
            Expect.equal(
                    "value of " + pair.getKey(), pair.getValue(), pair.getKey().replace("key-", "value "));
        }
    }

    private static void metadataLarge(Server server) {
        String text = "0123456789abcdef".repeat(2_048);
        Expect.isTrue(
                "the value came whole",
                valuesOf(server, Metadata.of("large", text), "large").equals(List.of(text)));
    }

    private static void metadataOwn(Server server) {
        for (int i = 0; i < 10; i++) {
            String value = "of call " + i;
            Expect.equal("values", valuesOf(server, Metadata.of("own", value), "own"), List.of(value));
        }
        Expect.equal("values of a call without", valuesOf(server, Metadata.EMPTY, "own"), List.of());
    }

    private static List<String> valuesOf(Server server, Metadata sent, String key) {
        CallOptions options = CallOptions.DEFAULT.withMetadata(sent);
        return call(server, ByteString.EMPTY, options).getCall().getMetadataList().stream()
                .filter(pair -> pair.getKey().equals(key))
                .map(Pair::getValue)
                .toList();
    }

    private static UnaryResponse call(Server server, ByteString payload, CallOptions options) {
        return server.client()
                .unary(UnaryRequest.newBuilder().setPayload(payload).build(), options);
    }
}
