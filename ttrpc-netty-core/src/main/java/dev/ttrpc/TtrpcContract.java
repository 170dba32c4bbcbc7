package dev.ttrpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Stands on each generated contract and leads to the class that has its descriptors, its binding and its clients. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface TtrpcContract {
    /** The generated class, for example {@code GreeterTtrpc}. */
    Class<?> value();
}
