package dev.ttrpc.codegen;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The engine: protoc's request in, Java files out, and nothing else read or written. For each service of the files to
 * generate it makes five types, each a file of its own: the contracts {@code Greeter} and {@code GreeterAsync} that are
 * served, the contracts {@code GreeterClient} and {@code GreeterAsyncClient} that are called, and {@code GreeterTtrpc}
 * that ties them to the runtime.
 */
public final class CodeGenerator {
    private static final int FEATURES = Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE;

    private CodeGenerator() {}

    /**
     * Generates, or explains. The same request always gives the same response, byte for byte.
     *
     * @return the files; or no file and an error, one line for each problem
     */
    public static CodeGeneratorResponse generate(CodeGeneratorRequest request) {
        CodeGeneratorResponse.Builder response = CodeGeneratorResponse.newBuilder()
                .setSupportedFeatures(FEATURES)
                .setMinimumEdition(Edition.EDITION_PROTO2_VALUE)
                .setMaximumEdition(Edition.EDITION_2024_VALUE);
        try {
            JavaTypes types = new JavaTypes(request.getProtoFileList());
            Parameters parameters = Parameters.parse(request.getParameter());
            List<Service> services = new ServiceReader(types, parameters).read(request);
            NameClashes.refuse(services, types);
            for (Service service : services) {
                Set<String> neighbours = namesIn(service.javaPackage(), services, types);
                addFile(response, service.blocking(), BlockingContract.source(service, neighbours));
                addFile(response, service.async(), AsyncContract.source(service, neighbours));
                addFile(response, service.blockingClient(), BlockingClient.source(service, neighbours));
                addFile(response, service.asyncClient(), AsyncClient.source(service, neighbours));
                addFile(response, service.holder(), Holder.source(service, neighbours));
            }
        } catch (GenerationException e) {
            response.clearFile().setError(e.getMessage());
        }
        return response.build();
    }

    private static Set<String> namesIn(String packageName, List<Service> services, JavaTypes types) {
        Set<String> names = new HashSet<>(types.namesIn(packageName));
        for (Service service : services) {
            if (service.javaPackage().equals(packageName)) {
                service.generated().forEach(type -> names.add(type.name()));
            }
        }
        return names;
    }

    private static void addFile(CodeGeneratorResponse.Builder response, JavaType type, String source) {
        response.addFileBuilder().setName(type.path()).setContent(source);
    }
}
