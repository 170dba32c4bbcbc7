package dev.ttrpc.verification.interop.serve;

import com.google.protobuf.Empty;
import dev.ttrpc.peers.grpc.AgentService;
import dev.ttrpc.peers.grpc.Interfaces;
import dev.ttrpc.peers.grpc.ListInterfacesRequest;
import dev.ttrpc.peers.grpc.OnlineCPUMemRequest;

/** The agent service of the Rust examples, by the blocking contract. */
final class BlockingAgent implements AgentService {
    @Override
    public Interfaces listInterfaces(ListInterfacesRequest request) {
        return AgentAnswers.INTERFACES;
    }

    @Override
    public Empty onlineCPUMem(OnlineCPUMemRequest request) {
        throw AgentAnswers.onlineCpuMemFailed();
    }
}
