package dev.ttrpc.spring.boot.autoconfigure.server;

import dev.ttrpc.TtrpcContract;
import dev.ttrpc.server.ServiceDefinition;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * A generated contract that a bean implements, and the generated method that binds it. Found by reflection when the application starts;
 * calls go straight to the bean.
 *
 * @param type the contract, for example {@code Greeter} or {@code GreeterAsync}
 * @param generated the class of the service, for example {@code GreeterTtrpc}
 * @param bind its method that takes the contract and a consumer of the builder
 */
record ServedContract(Class<?> type, Class<?> generated, Method bind) {

    /** The contracts among the interfaces of a type. Those of clients are none: nothing binds them. */
    static List<ServedContract> of(Class<?> beanType) {
        return MergedAnnotations.from(beanType, SearchStrategy.TYPE_HIERARCHY).stream(TtrpcContract.class)
                .map(ServedContract::from)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Binds a bean that implements the contract. */
    ServiceDefinition bind(Object bean, Consumer<ServiceDefinition.Builder> settings) {
        Object definition = ReflectionUtils.invokeMethod(bind, null, bean, settings);
        return (ServiceDefinition) Objects.requireNonNull(definition, () -> bind + " returned null");
    }

    private static @Nullable ServedContract from(MergedAnnotation<TtrpcContract> annotation) {
        Class<?> type = (Class<?>) Objects.requireNonNull(annotation.getSource());
        Class<?> generated = annotation.getClass(MergedAnnotation.VALUE);
        Method bind = ReflectionUtils.findMethod(generated, "bind", type, Consumer.class);
        if (bind == null) {
            return null;
        }
        ReflectionUtils.makeAccessible(bind);
        return new ServedContract(type, generated, bind);
    }
}
