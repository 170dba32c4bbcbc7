package dev.ttrpc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the calls that are made. A bean of it replaces {@link DefaultTtrpcClientObservationConvention}. */
public interface TtrpcClientObservationConvention extends ObservationConvention<TtrpcClientObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TtrpcClientObservationContext;
    }
}
