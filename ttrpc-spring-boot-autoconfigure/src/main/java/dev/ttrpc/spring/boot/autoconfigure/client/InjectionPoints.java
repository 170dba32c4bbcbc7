package dev.ttrpc.spring.boot.autoconfigure.client;

import dev.ttrpc.spring.TtrpcClient;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/** Collects what beans ask for by {@link TtrpcClient}: constructor and method parameters, and fields. */
final class InjectionPoints {
    private final Set<Wanted> wanted = new LinkedHashSet<>();

    /**
     * A client that something asks for.
     *
     * @param channel what the annotation says, placeholders unresolved
     * @param type the client's type
     */
    record Wanted(String channel, Class<?> type) {}

    Set<Wanted> wanted() {
        return wanted;
    }

    /** Looks at what Spring would inject into an instance of {@code type}. */
    void addType(Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addParameters(constructor, type, null);
        }
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                String channel = channel(MergedAnnotations.from(field));
                if (channel != null) {
                    add(channel, ResolvableType.forField(field, type));
                }
            }
            for (Method method : level.getDeclaredMethods()) {
                if (!AnnotatedElementUtils.hasAnnotation(method, Bean.class)) {
                    addParameters(method, type, channel(MergedAnnotations.from(method)));
                }
            }
        }
    }

    /** Looks at the parameters of a factory method. An annotation on the method itself qualifies what it makes and asks for nothing. */
    void addFactoryMethod(Method method, Class<?> type) {
        addParameters(method, type, null);
    }

    private void addParameters(Executable executable, Class<?> type, @Nullable String ofMethod) {
        for (int i = 0; i < executable.getParameterCount(); i++) {
            MethodParameter parameter =
                    MethodParameter.forExecutable(executable, i).withContainingClass(type);
            String channel = channel(MergedAnnotations.from(parameter.getParameterAnnotations()));
            if (channel == null) {
                channel = ofMethod;
            }
            if (channel != null) {
                add(channel, ResolvableType.forMethodParameter(parameter));
            }
        }
    }

    private void add(String channel, ResolvableType declared) {
        ResolvableType type = isHolder(declared.resolve()) ? declared.getGeneric(0) : declared;
        Class<?> client = type.resolve();
        if (client != null) {
            wanted.add(new Wanted(channel, client));
        }
    }

    /** Whether Spring puts what is asked for into it. {@link org.springframework.beans.factory.ObjectProvider} and JSR-330's provider among them. */
    private static boolean isHolder(@Nullable Class<?> type) {
        return type != null
                && (type == Optional.class
                        || ObjectFactory.class.isAssignableFrom(type)
                        || type.getName().equals("jakarta.inject.Provider"));
    }

    private static @Nullable String channel(MergedAnnotations annotations) {
        MergedAnnotation<TtrpcClient> annotation = annotations.get(TtrpcClient.class);
        return annotation.isPresent() ? annotation.getString(MergedAnnotation.VALUE) : null;
    }
}
