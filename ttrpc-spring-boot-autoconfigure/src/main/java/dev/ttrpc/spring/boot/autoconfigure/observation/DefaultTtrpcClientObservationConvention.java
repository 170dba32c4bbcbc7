package dev.ttrpc.spring.boot.autoconfigure.observation;

import dev.ttrpc.Status;
import dev.ttrpc.spring.boot.autoconfigure.observation.TtrpcObservationDocumentation.ClientKeys;
import dev.ttrpc.spring.boot.autoconfigure.observation.TtrpcObservationDocumentation.HighCardinalityKeys;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/** {@code ttrpc.client}, with the keys of {@link ClientKeys}. */
public class DefaultTtrpcClientObservationConvention implements TtrpcClientObservationConvention {
    @Override
    public String getName() {
        return "ttrpc.client";
    }

    @Override
    public String getContextualName(TtrpcClientObservationContext context) {
        return context.getCall().method().fullName();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(TtrpcClientObservationContext context) {
        return KeyValues.of(
                ClientKeys.SYSTEM.withValue(KeyText.SYSTEM),
                ClientKeys.METHOD.withValue(context.getCall().method().fullName()),
                ClientKeys.METHOD_TYPE.withValue(
                        KeyText.methodType(context.getCall().method().type())),
                ClientKeys.STATUS_CODE.withValue(KeyText.statusCode(context.getStatus())),
                ClientKeys.ERROR_TYPE.withValue(errorType(context.getStatus())),
                ClientKeys.CHANNEL.withValue(KeyText.orNone(context.getChannel())),
                ClientKeys.SERVER_ADDRESS.withValue(KeyText.serverAddress(context.getAddress())),
                ClientKeys.SERVER_PORT.withValue(KeyText.serverPort(context.getAddress())),
                ClientKeys.TRANSPORT.withValue(KeyText.transport(context.getAddress())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(TtrpcClientObservationContext context) {
        return KeyValues.of(
                HighCardinalityKeys.PEER_ADDRESS.withValue(context.getCall().target()));
    }

    private static String errorType(@Nullable Status status) {
        return status != null && !status.isOk() ? status.code().name() : KeyText.NONE;
    }
}
