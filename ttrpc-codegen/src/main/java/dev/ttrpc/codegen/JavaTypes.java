package dev.ttrpc.codegen;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.JavaFeaturesProto.JavaFeatures;
import com.google.protobuf.JavaFeaturesProto.JavaFeatures.NestInFileClassFeature.NestInFileClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where protoc's Java generator puts the messages of a request, by its own rules: {@code java_package},
 * {@code java_multiple_files}, {@code java_outer_classname}, and from edition 2024 on {@code nest_in_file_class}.
 */
final class JavaTypes {
    private static final ExtensionRegistry FEATURES = ExtensionRegistry.newInstance();

    static {
        // The two classes initialize each other, which only works when it begins with this one.
        DescriptorProtos.getDescriptor();
        JavaFeaturesProto.registerAllExtensions(FEATURES);
    }

    private final Map<String, JavaType> messages = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> topLevel = new LinkedHashMap<>();

    JavaTypes(List<FileDescriptorProto> files) {
        files.forEach(this::add);
    }

    /** The class of a message, by its full proto name without the leading dot. */
    Optional<JavaType> message(String fullName) {
        return Optional.ofNullable(messages.get(fullName));
    }

    /** What protoc makes the top-level class of that name from, in words; empty if it makes none. */
    Optional<String> originOf(JavaType type) {
        return Optional.ofNullable(
                topLevel.getOrDefault(type.packageName(), Map.of()).get(type.name()));
    }

    /** The names of all top-level classes that protoc makes in a Java package. */
    Set<String> namesIn(String packageName) {
        return topLevel.getOrDefault(packageName, Map.of()).keySet();
    }

    static String javaPackage(FileDescriptorProto file) {
        return file.getOptions().hasJavaPackage() ? file.getOptions().getJavaPackage() : file.getPackage();
    }

    private void add(FileDescriptorProto file) {
        take(file, fileClass(file), "the class of " + file.getName());
        for (DescriptorProto message : file.getMessageTypeList()) {
            boolean nested = isNested(file, message.getOptions().getFeatures());
            if (!nested) {
                String origin =
                        "message " + JavaType.join(file.getPackage(), message.getName()) + " of " + file.getName();
                take(file, message.getName(), origin);
                take(file, message.getName() + "OrBuilder", origin);
            }
            addMessage(file.getPackage(), around(file, nested), message);
        }
        for (EnumDescriptorProto enumeration : file.getEnumTypeList()) {
            if (!isNested(file, enumeration.getOptions().getFeatures())) {
                String name = JavaType.join(file.getPackage(), enumeration.getName());
                take(file, enumeration.getName(), "enum " + name + " of " + file.getName());
            }
        }
        for (ServiceDescriptorProto service : file.getServiceList()) {
            if (file.getOptions().getJavaGenericServices()
                    && !isNested(file, service.getOptions().getFeatures())) {
                take(file, service.getName(), "option java_generic_services of " + file.getName());
            }
        }
    }

    /** Adds a message and what is nested in it, given the scope around it: its full proto name, and its class. */
    private void addMessage(String scope, JavaType outer, DescriptorProto message) {
        String fullName = JavaType.join(scope, message.getName());
        JavaType type = outer.nested(message.getName(), message.getOptions().getDeprecated());
        messages.put(fullName, type);
        message.getNestedTypeList().forEach(inner -> addMessage(fullName, type, inner));
    }

    /** Where a top-level message is nested: in a file's class, or in nothing. */
    private static JavaType around(FileDescriptorProto file, boolean nested) {
        if (!nested) {
            return new JavaType(javaPackage(file), "", "", false);
        }
        // The class of a deprecated file is not imported from: javac warns of that, and nothing can silence it.
        return file.getOptions().getDeprecated()
                ? new JavaType(javaPackage(file), "", fileClass(file), true)
                : new JavaType(javaPackage(file), fileClass(file), "", false);
    }

    private void take(FileDescriptorProto file, String className, String origin) {
        topLevel.computeIfAbsent(javaPackage(file), p -> new LinkedHashMap<>()).putIfAbsent(className, origin);
    }

    private static boolean isNested(FileDescriptorProto file, FeatureSet features) {
        if (!fromEdition2024(file)) {
            return !file.getOptions().getJavaMultipleFiles();
        }
        return javaFeatures(features).getNestInFileClass() == NestInFileClass.YES;
    }

    private static String fileClass(FileDescriptorProto file) {
        if (file.getOptions().hasJavaOuterClassname()) {
            return file.getOptions().getJavaOuterClassname();
        }
        String path = file.getName();
        String fileName = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.(proto|protodevel)$", "");
        String camel = JavaNames.upperCamel(fileName);
        if (fromEdition2024(file)) {
            return camel + "Proto";
        }
        return declares(file, camel) ? camel + "OuterClass" : camel;
    }

    /** Whether anything in the file, at any depth, has this name. */
    private static boolean declares(FileDescriptorProto file, String name) {
        return file.getServiceList().stream()
                        .anyMatch(service -> service.getName().equals(name))
                || file.getEnumTypeList().stream()
                        .anyMatch(enumeration -> enumeration.getName().equals(name))
                || file.getMessageTypeList().stream().anyMatch(message -> declares(message, name));
    }

    private static boolean declares(DescriptorProto message, String name) {
        return message.getName().equals(name)
                || message.getEnumTypeList().stream()
                        .anyMatch(enumeration -> enumeration.getName().equals(name))
                || message.getNestedTypeList().stream().anyMatch(inner -> declares(inner, name));
    }

    private static boolean fromEdition2024(FileDescriptorProto file) {
        return file.getEdition().getNumber() >= Edition.EDITION_2024_VALUE;
    }

    /** Read anew, because the request may have been parsed by someone who does not know Java's features. */
    private static JavaFeatures javaFeatures(FeatureSet features) {
        try {
            return FeatureSet.parseFrom(features.toByteString(), FEATURES).getExtension(JavaFeaturesProto.java_);
        } catch (InvalidProtocolBufferException e) {
            throw new GenerationException("the request holds features that do not parse: " + e.getMessage());
        }
    }
}
