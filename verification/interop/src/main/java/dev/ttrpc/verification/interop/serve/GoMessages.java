package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.peers.integration.EchoPayload;
import dev.ttrpc.peers.integration.Part;
import dev.ttrpc.peers.integration.Sum;
import java.util.Iterator;
import java.util.stream.IntStream;

/** What both stacks answer in Go's streaming service. */
final class GoMessages {
    private GoMessages() {}

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

    /** What EmptyPayloadStream answers. */
    static Iterator<EchoPayload> numbered() {
        return IntStream.rangeClosed(1, 2)
                .mapToObj(seq -> EchoPayload.newBuilder().setSeq(seq).build())
                .iterator();
    }
}
