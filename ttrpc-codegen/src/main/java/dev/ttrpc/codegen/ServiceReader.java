package dev.ttrpc.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the services of the files to generate, and gives everything in them its Java name. */
final class ServiceReader {
    private final JavaTypes types;
    private final Parameters parameters;
    private final List<String> problems = new ArrayList<>();

    ServiceReader(JavaTypes types, Parameters parameters) {
        this.types = types;
        this.parameters = parameters;
    }

    /** In the order of the request, of the files, and of the services in a file. */
    List<Service> read(CodeGeneratorRequest request) {
        Map<String, FileDescriptorProto> files = new HashMap<>();
        request.getProtoFileList().forEach(file -> files.put(file.getName(), file));
        List<Service> services = new ArrayList<>();
        for (String name : request.getFileToGenerateList()) {
            FileDescriptorProto file = files.get(name);
            if (file == null) {
                problems.add(name + ": is to be generated, but the request does not describe it");
                continue;
            }
            Comments comments = new Comments(file);
            for (int i = 0; i < file.getServiceCount(); i++) {
                services.add(service(file, comments, i));
            }
        }
        GenerationException.throwIfAny(problems);
        return List.copyOf(services);
    }

    private Service service(FileDescriptorProto file, Comments comments, int index) {
        ServiceDescriptorProto proto = file.getService(index);
        String fullName = JavaType.join(file.getPackage(), proto.getName());
        List<Rpc> rpcs = new ArrayList<>();
        for (int i = 0; i < proto.getMethodCount(); i++) {
            String comment = comments.at(
                    FileDescriptorProto.SERVICE_FIELD_NUMBER, index, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i);
            rpc(file, fullName, proto.getMethod(i), comment).ifPresent(rpcs::add);
        }
        return new Service(
                file.getName(),
                fullName,
                javaPackage(file),
                JavaNames.type(parameters.renames().getOrDefault(fullName, proto.getName())),
                List.copyOf(rpcs),
                comments.at(FileDescriptorProto.SERVICE_FIELD_NUMBER, index),
                proto.getOptions().getDeprecated());
    }

    private Optional<Rpc> rpc(FileDescriptorProto file, String service, MethodDescriptorProto proto, String comment) {
        Optional<JavaType> request = message(file, service, proto, proto.getInputType());
        Optional<JavaType> reply = message(file, service, proto, proto.getOutputType());
        if (request.isEmpty() || reply.isEmpty()) {
            return Optional.empty();
        }
        String renamed = parameters.renames().get(service + "." + proto.getName());
        return Optional.of(new Rpc(
                proto.getName(),
                renamed != null ? JavaNames.safeMethod(renamed) : JavaNames.method(proto.getName()),
                JavaNames.constant(renamed != null ? renamed : proto.getName()),
                RpcKind.of(proto.getClientStreaming(), proto.getServerStreaming()),
                request.get(),
                reply.get(),
                comment,
                proto.getOptions().getDeprecated()));
    }

    private Optional<JavaType> message(
            FileDescriptorProto file, String service, MethodDescriptorProto rpc, String type) {
        String fullName = type.startsWith(".") ? type.substring(1) : type;
        Optional<JavaType> found = types.message(fullName);
        if (found.isEmpty()) {
            problems.add(file.getName() + ": method " + rpc.getName() + " of service " + service + " names message "
                    + fullName + ", which is in no file of the request");
        } else if (found.get().packageName().isEmpty() && !javaPackage(file).isEmpty()) {
            problems.add(file.getName() + ": method " + rpc.getName() + " of service " + service + " names message "
                    + fullName + ", whose class is in Java's unnamed package and cannot be imported into "
                    + javaPackage(file) + "; set the option java_package in the file of that message");
        }
        return found;
    }

    private String javaPackage(FileDescriptorProto file) {
        String suffix = parameters.packageSuffix();
        String javaPackage = JavaTypes.javaPackage(file);
        return suffix.isEmpty() ? javaPackage : JavaType.join(javaPackage, suffix);
    }
}
