package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.TtrpcContract;
import dev.ttrpc.client.TtrpcChannel;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * A generated client's type, and the generated method that makes one. Found by reflection when the client is made; calls go straight to it.
 *
 * @param type for example {@code GreeterClient} or {@code GreeterAsyncClient}
 * @param maker the method of the generated class that takes a channel and returns the type
 */
record CalledContract<T>(Class<T> type, Method maker) {

    /** The contract of a type, or null for one that is no generated client. */
    static <T> @Nullable CalledContract<T> of(Class<T> type) {
        TtrpcContract contract = type.getAnnotation(TtrpcContract.class);
        if (contract == null) {
            return null;
        }
        Method maker = Stream.of("client", "asyncClient")
                .map(name -> ReflectionUtils.findMethod(contract.value(), name, TtrpcChannel.class))
                .filter(method -> method != null && method.getReturnType() == type)
                .findFirst()
                .orElse(null);
        if (maker == null) {
            return null;
        }
        ReflectionUtils.makeAccessible(maker);
        return new CalledContract<>(type, maker);
    }

    /** A client that calls through {@code channel}. */
    T client(TtrpcChannel channel) {
        Object client = ReflectionUtils.invokeMethod(maker, null, channel);
        return type.cast(Objects.requireNonNull(client, () -> maker + " returned null"));
    }
}
