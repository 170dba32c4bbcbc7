package dev.ttrpc.internal.server;

import dev.ttrpc.server.TtrpcServer;
import io.netty.channel.Channel;
import java.util.List;

/** A connection that a server serves although it has no listener: what a test that drives it by hand needs to see of it. */
public final class HandServed {
    private final NettyServer server;
    private final ServerConnection connection;

    private HandServed(NettyServer server, ServerConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    /** Puts the protocol on a channel, on its event loop, before the channel is active. */
    public static HandServed serve(TtrpcServer server, Channel channel) {
        NettyServer own = (NettyServer) server;
        ServerConnection connection = new ServerConnection(own, channel, own.served(List.of()));
        connection.install();
        return new HandServed(own, connection);
    }

    /** Event loop. */
    public void drain() {
        connection.drain();
    }

    /** Event loop. */
    public void cut() {
        connection.cut();
    }

    public int liveCalls() {
        return connection.streams().size();
    }

    /** What is left of the connection, in words; empty when there is nothing. */
    public String leftovers() {
        StringBuilder left = new StringBuilder();
        say(left, "calls of the connection", connection.streams().size());
        say(left, "calls of the server", server.liveCalls());
        say(left, "connections", server.connections());
        say(left, "running handlers", server.runningHandlers());
        say(left, "queued tasks", server.executors().get(0).queued());
        say(left, "bytes of output", connection.sendBudget().reserved());
        say(left, "bytes of input", connection.receiveBudget().held());
        return left.toString();
    }

    private static void say(StringBuilder left, String what, long count) {
        if (count != 0) {
            left.append(count).append(' ').append(what).append(". ");
        }
    }
}
