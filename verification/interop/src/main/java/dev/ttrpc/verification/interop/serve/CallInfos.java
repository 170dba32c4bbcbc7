package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.CallContext;
import dev.ttrpc.Deadline;
import dev.ttrpc.PeerCredentials;
import dev.ttrpc.conformance.v1.CallInfo;
import dev.ttrpc.conformance.v1.Pair;
import java.util.Objects;

/** Tells what a handler can see of the call it serves. */
final class CallInfos {
    private CallInfos() {}

    static CallInfo current() {
        return of(Objects.requireNonNull(CallContext.current(), "no call is being served on this thread"));
    }

    static CallInfo of(CallContext context) {
        CallInfo.Builder info = CallInfo.newBuilder()
                .setService(context.method().service())
                .setMethod(context.method().name())
                .setPeerAddress(context.peer().address());
        context.metadata()
                .forEach((key, value) ->
                        info.addMetadata(Pair.newBuilder().setKey(key).setValue(value)));
        Deadline deadline = context.deadline();
        if (deadline != null) {
            info.setRemainingNanos(deadline.remainingNanos());
        }
        PeerCredentials credentials = context.peer().credentials();
        if (credentials != null) {
            info.setHasPeerCredentials(true)
                    .setPeerUid(credentials.uid())
                    .setPeerGid(credentials.gid())
                    .setPeerPid(credentials.pid());
        }
        return info.build();
    }
}
