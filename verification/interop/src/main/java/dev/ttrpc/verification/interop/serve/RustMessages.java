package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;
import dev.ttrpc.peers.test.EchoPayload;
import dev.ttrpc.peers.test.Part;
import dev.ttrpc.peers.test.Sum;
import java.util.Iterator;
import java.util.stream.IntStream;

/** What both stacks answer in Rust's streaming service. */
final class RustMessages {
    static final int PAUSE_MILLIS = 100;

    private static final int HELLOS = 10;

    private RustMessages() {}

    static EchoPayload echo(EchoPayload request) {
        return request.toBuilder().setSeq(request.getSeq() + 1).build();
    }

    static void add(Part part, Sum.Builder sum) {
        sum.setSum(sum.getSum() + part.getAdd()).setNum(sum.getNum() + 1);
    }

    static Iterator<Part> divide(Sum request) {
        Division division = new Division(request.getSum(), request.getNum());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return division.hasNext();
            }

            @Override
            public Part next() {
                return Part.newBuilder().setAdd(division.next()).build();
            }
        };
    }

    /** Refuses any other request of EchoDefaultValue with INVALID_ARGUMENT. */
    static void mustBeDefault(EchoPayload request) {
        if (!request.equals(EchoPayload.getDefaultInstance())) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("expected a message of default values")
                    .asException();
        }
    }

    /** What ServerSendStream answers, {@value #PAUSE_MILLIS} ms apart. */
    static Iterator<EchoPayload> hellos() {
        return IntStream.range(0, HELLOS)
                .mapToObj(seq ->
                        EchoPayload.newBuilder().setSeq(seq).setMsg("hello").build())
                .iterator();
    }
}
