package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.server.ServerCall;
import dev.ttrpc.server.ServerInterceptor;
import dev.ttrpc.spring.GlobalTtrpcServerInterceptor;
import dev.ttrpc.spring.TtrpcInterceptorOrder;
import dev.ttrpc.spring.boot.autoconfigure.server.PerSocketInterceptor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/**
 * Observes each call from before every other interceptor to its final status, whoever decides on that. The observation is the current one while the
 * handler's method runs.
 */
@GlobalTtrpcServerInterceptor
@Order(TtrpcInterceptorOrder.OBSERVATION)
public final class ObservationServerInterceptor implements PerSocketInterceptor {
    private static final TtrpcServerObservationConvention DEFAULT = new DefaultTtrpcServerObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable TtrpcServerObservationConvention convention;
    private final @Nullable String socket;
    private final @Nullable TtrpcAddress address;

    /**
     * An interceptor for every socket.
     *
     * @param convention null for the default
     */
    public ObservationServerInterceptor(
            ObservationRegistry registry, @Nullable TtrpcServerObservationConvention convention) {
        this(registry, convention, null, null);
    }

    private ObservationServerInterceptor(
            ObservationRegistry registry,
            @Nullable TtrpcServerObservationConvention convention,
            @Nullable String socket,
            @Nullable TtrpcAddress address) {
        this.registry = registry;
        this.convention = convention;
        this.socket = socket;
        this.address = address;
    }

    @Override
    public ServerInterceptor forSocket(String socket, TtrpcAddress address) {
        return new ObservationServerInterceptor(registry, convention, socket, address);
    }

    @Override
    @SuppressWarnings("try") // the scope is there to be open
    public void intercept(ServerCall call, Next next) throws Exception {
        TtrpcServerObservationContext context = new TtrpcServerObservationContext(call, socket, address);
        Observation observation =
                TtrpcObservationDocumentation.SERVER.observation(convention, DEFAULT, () -> context, registry);
        observation.start();
        call.onEnd(status -> end(observation, context, status));
        try (Observation.Scope scope = observation.openScope()) {
            next.proceed(call);
        }
    }

    private static void end(Observation observation, TtrpcServerObservationContext context, Status status) {
        context.setStatus(status);
        if (status.cause() != null) {
            observation.error(status.cause());
        }
        observation.stop();
    }
}
