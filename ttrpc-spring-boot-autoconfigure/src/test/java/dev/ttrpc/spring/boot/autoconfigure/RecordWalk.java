package dev.ttrpc.spring.boot.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** Makes records of settings with every component set, and takes them apart. */
public final class RecordWalk {
    private RecordWalk() {}

    /** A record with a value in each component, which depends on {@code seed}. */
    public static <T extends Record> T filled(Class<T> type, int seed) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i], seed);
        }
        return construct(type, values);
    }

    /** Names and values of all components, those of nested records included. */
    public static List<Map.Entry<String, Object>> leaves(Record record) throws ReflectiveOperationException {
        List<Map.Entry<String, Object>> leaves = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(record);
            if (value instanceof Record nested && component.getType().getEnclosingClass() != null) {
                for (Map.Entry<String, Object> leaf : leaves(nested)) {
                    leaves.add(Map.entry(component.getName() + "." + leaf.getKey(), leaf.getValue()));
                }
            } else {
                leaves.add(Map.entry(component.getName(), value == null ? "null" : value));
            }
        }
        return leaves;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object value(RecordComponent component, int seed) throws ReflectiveOperationException {
        Class<?> type = component.getType();
        if (type == String.class) {
            return component.getName() + seed;
        } else if (type == Integer.class) {
            return seed;
        } else if (type == Double.class) {
            return (double) seed;
        } else if (type == Boolean.class) {
            return seed % 2 == 0;
        } else if (type == Duration.class) {
            return Duration.ofSeconds(seed);
        } else if (type == DataSize.class) {
            return DataSize.ofBytes(seed);
        } else if (type == List.class) {
            return List.of();
        } else if (type == Map.class) {
            return Map.of();
        } else if (type.isEnum()) {
            return type.getEnumConstants()[seed % 2];
        } else if (type.isRecord()) {
            return filled((Class) type, seed);
        }
        throw new IllegalStateException("no value for " + component);
    }

    private static <T extends Record> T construct(Class<T> type, Object[] values) throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
