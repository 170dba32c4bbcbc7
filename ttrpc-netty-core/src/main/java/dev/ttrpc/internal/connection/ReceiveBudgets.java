package dev.ttrpc.internal.connection;

import dev.ttrpc.internal.stream.SharedReceiveBudget;
import dev.ttrpc.transport.TransportResources;
import io.netty.util.concurrent.GlobalEventExecutor;

/** The receive budgets over all connections that use the same resources: one of the servers, one of the channels. */
public final class ReceiveBudgets implements AutoCloseable {
    private final SharedReceiveBudget servers;
    private final SharedReceiveBudget channels;

    private ReceiveBudgets(TransportResources resources) {
        this.servers = new SharedReceiveBudget(resources.receiveBudget(), GlobalEventExecutor.INSTANCE::execute);
        this.channels = new SharedReceiveBudget(resources.receiveBudget(), GlobalEventExecutor.INSTANCE::execute);
    }

    /** Those of these resources. */
    public static ReceiveBudgets of(TransportResources resources) {
        return resources.part(ReceiveBudgets.class, ReceiveBudgets::new);
    }

    /** What the connections of all servers share. */
    public SharedReceiveBudget servers() {
        return servers;
    }

    /** What the connections of all channels share. */
    public SharedReceiveBudget channels() {
        return channels;
    }

    /** Nothing: what is held belongs to the connections. */
    @Override
    public void close() {}
}
