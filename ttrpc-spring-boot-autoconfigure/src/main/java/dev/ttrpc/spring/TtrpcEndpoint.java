package dev.ttrpc.spring;

import dev.ttrpc.server.ServerInterceptor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Marks a bean that serves one or several ttrpc services: a class or a factory method whose bean implements generated contracts
 * ({@code Greeter} or {@code GreeterAsync}), or is a {@link dev.ttrpc.server.ServiceDefinition}. Calls go through the bean, with whatever
 * proxies stand before it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Component
@Bean
public @interface TtrpcEndpoint {
    /** The names of the sockets it is served on. Default: all. */
    String[] sockets() default {};

    /**
     * Whether its methods never wait, so that they run on the event loop: all methods of an async contract, the unary ones of a blocking
     * contract.
     */
    boolean nonBlocking() default false;

    /** The name of the {@link java.util.concurrent.Executor} bean that runs its methods. Default: the server's. */
    String executor() default "";

    /** Beans of these types stand around its calls, within the global interceptors, in this order. */
    Class<? extends ServerInterceptor>[] interceptors() default {};

    /** Beans of these names stand around its calls, after those given by type, in this order. */
    String[] interceptorNames() default {};

    /** Whether its interceptors are sorted together with the global ones instead of standing within them. */
    boolean blendWithGlobalInterceptors() default false;
}
