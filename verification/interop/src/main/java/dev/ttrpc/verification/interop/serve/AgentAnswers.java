package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcException;
import dev.ttrpc.peers.grpc.Interfaces;
import dev.ttrpc.peers.types.Interface;

/** What both stacks answer in the agent service of the Rust examples. Its other methods are UNIMPLEMENTED. */
final class AgentAnswers {
    static final Interfaces INTERFACES = Interfaces.newBuilder()
            .addInterfaces(Interface.newBuilder().setName("first"))
            .addInterfaces(Interface.newBuilder().setName("second"))
            .build();

    private AgentAnswers() {}

    static TtrpcException onlineCpuMemFailed() {
        return Status.NOT_FOUND
                .withDescription("/grpc.AgentService/OnlineCPUMem is not supported")
                .asException();
    }
}
