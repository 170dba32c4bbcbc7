package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServerCall;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/** What is known of an observed call that this application serves. Its carrier is the call, whose metadata brings the caller's trace. */
public class TtrpcServerObservationContext extends ReceiverContext<ServerCall> {
    private final ServerCall call;
    private final @Nullable String socket;
    private final @Nullable TtrpcAddress address;
    private volatile @Nullable Status status;

    /** The context of a call on a socket; both are null where the interceptor is used without the auto-configuration. */
    public TtrpcServerObservationContext(ServerCall call, @Nullable String socket, @Nullable TtrpcAddress address) {
        super((carrier, key) -> carrier.metadata().get(key), Kind.SERVER);
        this.call = call;
        this.socket = socket;
        this.address = address;
        setCarrier(call);
    }

    public ServerCall getCall() {
        return call;
    }

    /** The name of the socket it came in by, or null. */
    public @Nullable String getSocket() {
        return socket;
    }

    /** The configured address of the socket, or null. */
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
}
