package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.TtrpcAddress;
import dev.ttrpc.client.ClientCall;
import dev.ttrpc.client.ClientInterceptor;
import dev.ttrpc.spring.GlobalTtrpcClientInterceptor;
import dev.ttrpc.spring.TtrpcInterceptorOrder;
import dev.ttrpc.spring.boot.autoconfigure.client.PerChannelInterceptor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/** Observes each call from before every other interceptor to its final status. Its parent is the observation of the caller's thread. */
@GlobalTtrpcClientInterceptor
@Order(TtrpcInterceptorOrder.OBSERVATION)
public final class ObservationClientInterceptor implements PerChannelInterceptor {
    private static final TtrpcClientObservationConvention DEFAULT = new DefaultTtrpcClientObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable TtrpcClientObservationConvention convention;
    private final @Nullable String channel;
    private final @Nullable TtrpcAddress address;

    /**
     * An interceptor for every channel.
     *
     * @param convention null for the default
     */
    public ObservationClientInterceptor(
            ObservationRegistry registry, @Nullable TtrpcClientObservationConvention convention) {
        this(registry, convention, null, null);
    }

    private ObservationClientInterceptor(
            ObservationRegistry registry,
            @Nullable TtrpcClientObservationConvention convention,
            @Nullable String channel,
            @Nullable TtrpcAddress address) {
        this.registry = registry;
        this.convention = convention;
        this.channel = channel;
        this.address = address;
    }

    @Override
    public ClientInterceptor forChannel(@Nullable String channel, TtrpcAddress address) {
        return new ObservationClientInterceptor(registry, convention, channel, address);
    }

    @Override
    public void intercept(ClientCall call, Next next) {
        TtrpcClientObservationContext context = new TtrpcClientObservationContext(call, channel, address);
        Observation observation =
                TtrpcObservationDocumentation.CLIENT.observation(convention, DEFAULT, () -> context, registry);
        observation.start();
        call.onEnd(status -> end(observation, context, status));
        next.proceed(call);
    }

    private static void end(Observation observation, TtrpcClientObservationContext context, Status status) {
        context.setStatus(status);
        if (!status.isOk()) {
            observation.error(status.cause() == null ? status.asException() : status.cause());
        }
        observation.stop();
    }
}
