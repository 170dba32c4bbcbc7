package dev.ttrpc.docs;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the configuration metadata on the class path say of properties. */
final class KnownProperties {
    private final TreeMap<String, Property> properties = new TreeMap<>();

    /** One property; what metadata leave out is null. */
    record Property(
            String name,
            String type,
            @Nullable Object defaultValue,
            @Nullable String description) {
        boolean isMap() {
            return type.startsWith("java.util.Map<");
        }
    }

    KnownProperties() {
        try {
            for (URL file : Collections.list(
                    getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                add(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those whose names begin so, by name. */
    List<Property> below(String prefix) {
        return List.copyOf(
                properties.subMap(prefix, prefix + Character.MAX_VALUE).values());
    }

    /** Whether there is a property of this name, or a map that may have it as a key. */
    boolean knows(String name) {
        for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
            Property property = properties.get(name.substring(0, end));
            if (property != null && (end == name.length() || property.isMap())) {
                return true;
            }
        }
        return false;
    }

    private void add(URL file) throws IOException {
        try (InputStream content = file.openStream()) {
            List<?> all = JsonPath.parse(content).read("$.properties");
            for (Object each : all) {
                Map<?, ?> property = (Map<?, ?>) each;
                String name = (String) property.get("name");
                properties.put(
                        name,
                        new Property(name, String.valueOf(property.get("type")), property.get("defaultValue"), (String)
                                property.get("description")));
            }
        }
    }
}
