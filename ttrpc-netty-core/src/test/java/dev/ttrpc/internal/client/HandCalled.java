package dev.ttrpc.internal.client;

import dev.ttrpc.client.ChannelState;
import dev.ttrpc.client.TtrpcChannel;

/** What a test that drives a channel by hand needs to see of it. */
public final class HandCalled {
    private HandCalled() {}

    /** What is left of a channel that was shut down, in words; empty when there is nothing. */
    public static String leftovers(TtrpcChannel channel) {
        NettyChannel own = (NettyChannel) channel;
        StringBuilder left = new StringBuilder();
        say(left, "calls", own.liveCalls());
        say(left, "bytes of output", own.sendBudget().reserved());
        say(left, "bytes of input", own.receiveBudget().held());
        say(left, "connections", own.connector().isClosed() ? 0 : 1);
        say(left, "states", own.state() == ChannelState.SHUTDOWN ? 0 : 1);
        return left.toString();
    }

    private static void say(StringBuilder left, String what, long count) {
        if (count != 0) {
            left.append(count).append(' ').append(what).append(". ");
        }
    }
}
