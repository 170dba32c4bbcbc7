package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ClientCall;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/** What is known of an observed call that this application makes. Its carrier is the call, whose metadata takes the trace to the server. */
public class TtrpcClientObservationContext extends SenderContext<ClientCall> {
    private final ClientCall call;
    private final @Nullable String channel;
    private final @Nullable TtrpcAddress address;
    private volatile @Nullable Status status;

    /**
     * The context of a call through a channel.
     *
     * @param channel the channel's name, or null where it was made for an address
     * @param address the channel's address, or null where the interceptor is used without the auto-configuration
     */
    public TtrpcClientObservationContext(ClientCall call, @Nullable String channel, @Nullable TtrpcAddress address) {
        super(TtrpcClientObservationContext::setMetadata, Kind.CLIENT);
        this.call = call;
        this.channel = channel;
        this.address = address;
        setCarrier(call);
    }

    public ClientCall getCall() {
        return call;
    }

    /** The name of the channel, or null. */
    public @Nullable String getChannel() {
        return channel;
    }

    /** The address of the channel, or null. */
    public @Nullable TtrpcAddress getAddress() {
        return address;
    }

    /** How the call ended; null while it runs. */
    public @Nullable Status getStatus() {
        return status;
    }

    /** Says how the call ended. */
    public void setStatus(Status status) {
        this.status = status;
    }

    private static void setMetadata(@Nullable ClientCall call, String key, String value) {
        if (call != null) {
            call.setMetadata(call.metadata().toBuilder().set(key, value).build());
        }
    }
}
