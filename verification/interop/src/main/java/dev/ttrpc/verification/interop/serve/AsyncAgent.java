package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.peers.grpc.AgentServiceAsync;
import dev.ttrpc.peers.grpc.Interfaces;
import dev.ttrpc.peers.grpc.ListInterfacesRequest;
import dev.ttrpc.peers.grpc.OnlineCPUMemRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The agent service of the Rust examples, by the async contract. */
final class AsyncAgent implements AgentServiceAsync {
    @Override
    public CompletionStage<Interfaces> listInterfaces(ListInterfacesRequest request) {
        return CompletableFuture.completedFuture(AgentAnswers.INTERFACES);
    }

    @Override
    public CompletionStage<Empty> onlineCPUMem(OnlineCPUMemRequest request) {
        return CompletableFuture.failedFuture(AgentAnswers.onlineCpuMemFailed());
    }
}
