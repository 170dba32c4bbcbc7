package dev.ttrpc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the calls that are served. A bean of it replaces {@link DefaultTtrpcServerObservationConvention}. */
public interface TtrpcServerObservationConvention extends ObservationConvention<TtrpcServerObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TtrpcServerObservationContext;
    }
}
