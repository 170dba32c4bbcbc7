package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.spring.TtrpcChannelFactory;
import dev.ttrpc.spring.TtrpcClientFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.PropertyResolver;

/** Makes generated clients for channels. */
final class GeneratedClientFactory implements TtrpcClientFactory {
    private final TtrpcChannelFactory channels;
    private final PropertyResolver properties;

    GeneratedClientFactory(TtrpcChannelFactory channels, PropertyResolver properties) {
        this.channels = channels;
        this.properties = properties;
    }

    @Override
    public <T> T create(String channelOrAddress, Class<T> type) {
        CalledContract<T> contract = CalledContract.of(type);
        if (contract == null) {
            throw new FailureAnalyzedException(
                    type.getName() + " is asked for as a ttrpc client, but is none.",
                    "Ask for the client generated for a service, for example GreeterClient or GreeterAsyncClient for the service Greeter.");
        }
        return contract.client(channels.get(properties.resolveRequiredPlaceholders(channelOrAddress)));
    }
}
