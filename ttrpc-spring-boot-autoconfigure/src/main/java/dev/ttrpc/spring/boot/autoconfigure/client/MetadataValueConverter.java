package dev.ttrpc.spring.boot.autoconfigure.client;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;

/** Takes a configured text as one metadata value, and where several may stand as a list of one. */
final class MetadataValueConverter implements ConditionalGenericConverter {
    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(
                new ConvertiblePair(String.class, MetadataValue.class), new ConvertiblePair(String.class, List.class));
    }

    @Override
    public boolean matches(TypeDescriptor source, TypeDescriptor target) {
        TypeDescriptor element = target.getElementTypeDescriptor();
        return target.getType() == MetadataValue.class || (element != null && element.getType() == MetadataValue.class);
    }

    @Override
    public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        if (source == null) {
            return null;
        }
        MetadataValue value = new MetadataValue((String) source);
        return targetType.getType() == MetadataValue.class ? value : List.of(value);
    }
}
