package dev.ttrpc.spring;

/** Makes clients for channels; what {@link TtrpcClient} injects comes from here. Safe for any thread. */
public interface TtrpcClientFactory {
    /**
     * A client of the channel that {@link TtrpcChannelFactory#get} gives.
     *
     * @param channelOrAddress the name of a configured channel, or an address; may hold placeholders
     * @param type a generated client, for example {@code GreeterClient} or {@code GreeterAsyncClient}
     */
    <T> T create(String channelOrAddress, Class<T> type);
}
