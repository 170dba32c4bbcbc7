package dev.ttrpc.verification.interop.serve;

import dev.ttrpc.conformance.v1.ConformanceTtrpc;
import dev.ttrpc.peers.grpc.AgentServiceTtrpc;
import dev.ttrpc.peers.grpc.HealthTtrpc;
import dev.ttrpc.server.ServiceDefinition;

/** Every service of {@code serve}, by one of the two contracts. What need not wait for a thread may be left to the event loop. */
final class ServedServices {
    private ServedServices() {}

    /** Handlers that wait keep to the executor, whatever {@code nonBlocking} says. */
    static ServiceDefinition[] blocking(boolean nonBlocking) {
        return new ServiceDefinition[] {
            ConformanceTtrpc.bind(new BlockingConformance(), options -> {
                if (nonBlocking) {
                    options.onEventLoop(ConformanceTtrpc.UNARY, request -> !request.hasPlan())
                            .onEventLoop(ConformanceTtrpc.NOTHING)
                            .onEventLoop(ConformanceTtrpc.HANG_COUNT);
                }
            }),
            dev.ttrpc.peers.integration.StreamingTtrpc.bind(
                    new BlockingGoStreaming(), options -> allOnEventLoop(options, nonBlocking)),
            dev.ttrpc.peers.test.StreamingTtrpc.bind(
                    new BlockingRustStreaming(), options -> allOnEventLoop(options, nonBlocking)),
            HealthTtrpc.bind(new BlockingHealth(), options -> {
                if (nonBlocking) {
                    options.onEventLoop(HealthTtrpc.VERSION);
                }
            }),
            AgentServiceTtrpc.bind(new BlockingAgent(), options -> allOnEventLoop(options, nonBlocking))
        };
    }

    /** No handler of the async contract waits. */
    static ServiceDefinition[] async(boolean nonBlocking) {
        return new ServiceDefinition[] {
            ConformanceTtrpc.bind(new AsyncConformance(), options -> allOnEventLoop(options, nonBlocking)),
            dev.ttrpc.peers.integration.StreamingTtrpc.bind(
                    new AsyncGoStreaming(), options -> allOnEventLoop(options, nonBlocking)),
            dev.ttrpc.peers.test.StreamingTtrpc.bind(
                    new AsyncRustStreaming(), options -> allOnEventLoop(options, nonBlocking)),
            HealthTtrpc.bind(new AsyncHealth(), options -> allOnEventLoop(options, nonBlocking)),
            AgentServiceTtrpc.bind(new AsyncAgent(), options -> allOnEventLoop(options, nonBlocking))
        };
    }

    /** All that may run there: a stream of the blocking contract never does. */
    private static void allOnEventLoop(ServiceDefinition.Builder options, boolean nonBlocking) {
        if (nonBlocking) {
            options.onEventLoop();
        }
    }
}
