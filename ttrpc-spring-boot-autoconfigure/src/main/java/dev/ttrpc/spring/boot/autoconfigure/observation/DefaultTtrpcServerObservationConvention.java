package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.StatusCode;
import dev.ttrpc.spring.boot.autoconfigure.observation.TtrpcObservationDocumentation.HighCardinalityKeys;
import dev.ttrpc.spring.boot.autoconfigure.observation.TtrpcObservationDocumentation.ServerKeys;
import io.micrometer.common.KeyValues;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code ttrpc.server}, with the keys of {@link ServerKeys}. */
public class DefaultTtrpcServerObservationConvention implements TtrpcServerObservationConvention {
    /** Those that say that the server failed; with the others it did what it should. */
    private static final Set<StatusCode> FAILURES = EnumSet.of(
            StatusCode.UNKNOWN,
            StatusCode.DEADLINE_EXCEEDED,
            StatusCode.UNIMPLEMENTED,
            StatusCode.INTERNAL,
            StatusCode.UNAVAILABLE,
            StatusCode.DATA_LOSS);

    @Override
    public String getName() {
        return "ttrpc.server";
    }

    @Override
    public String getContextualName(TtrpcServerObservationContext context) {
        return context.getCall().method().fullName();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(TtrpcServerObservationContext context) {
        return KeyValues.of(
                ServerKeys.SYSTEM.withValue(KeyText.SYSTEM),
                ServerKeys.METHOD.withValue(context.getCall().method().fullName()),
                ServerKeys.METHOD_TYPE.withValue(
                        KeyText.methodType(context.getCall().method().type())),
                ServerKeys.STATUS_CODE.withValue(KeyText.statusCode(context.getStatus())),
                ServerKeys.ERROR_TYPE.withValue(errorType(context.getStatus())),
                ServerKeys.SOCKET.withValue(KeyText.orNone(context.getSocket())),
                ServerKeys.TRANSPORT.withValue(KeyText.transport(context.getAddress())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(TtrpcServerObservationContext context) {
        return KeyValues.of(HighCardinalityKeys.PEER_ADDRESS.withValue(
                context.getCall().context().peer().address()));
    }

    private static String errorType(@Nullable Status status) {
        return status != null && FAILURES.contains(status.code())
                ? status.code().name()
                : KeyText.NONE;
    }
}
