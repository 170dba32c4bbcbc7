package dev.ttrpc.codegen;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A proto file as protoc would describe it, written down in the order of a proto. */
final class ProtoFile {
    private final FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();

    private ProtoFile(String path, String protoPackage) {
        file.setName(path).setPackage(protoPackage);
    }

    static ProtoFile of(String path, String protoPackage) {
        return new ProtoFile(path, protoPackage);
    }

    FileDescriptorProto.Builder builder() {
        return file;
    }

    FileOptions.Builder options() {
        return file.getOptionsBuilder();
    }

    ProtoFile multipleFiles(String javaPackage) {
        options().setJavaPackage(javaPackage).setJavaMultipleFiles(true);
        return this;
    }

    ProtoFile message(String name, DescriptorProto... nested) {
        file.addMessageType(nestedMessage(name, nested));
        return this;
    }

    static DescriptorProto nestedMessage(String name, DescriptorProto... nested) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addAllNestedType(List.of(nested))
                .build();
    }

    ProtoFile enumeration(String name) {
        file.addEnumType(EnumDescriptorProto.newBuilder().setName(name));
        return this;
    }

    ProtoFile service(String name) {
        file.addServiceBuilder().setName(name);
        return this;
    }

    /** A comment before the last service. */
    ProtoFile commentOnService(String text) {
        location(FileDescriptorProto.SERVICE_FIELD_NUMBER, file.getServiceCount() - 1)
                .setLeadingComments(text);
        return this;
    }

    /** Adds a method to the last service; messages by their full names, {@code "stream "} before them as in a proto. */
    ProtoFile rpc(String name, String request, String reply) {
        lastService()
                .addMethodBuilder()
                .setName(name)
                .setInputType("." + request.replaceFirst("^stream ", ""))
                .setOutputType("." + reply.replaceFirst("^stream ", ""))
                .setClientStreaming(request.startsWith("stream "))
                .setServerStreaming(reply.startsWith("stream "));
        return this;
    }

    /** A comment before the last method. */
    ProtoFile comment(String text) {
        lastMethodLocation().setLeadingComments(text);
        return this;
    }

    /** A comment behind the last method. */
    ProtoFile trailingComment(String text) {
        lastMethodLocation().setTrailingComments(text);
        return this;
    }

    ProtoFile deprecated() {
        lastMethod().getOptionsBuilder().setDeprecated(true);
        return this;
    }

    ProtoFile deprecatedService() {
        lastService().getOptionsBuilder().setDeprecated(true);
        return this;
    }

    ServiceDescriptorProto.Builder lastService() {
        return file.getServiceBuilder(file.getServiceCount() - 1);
    }

    private MethodDescriptorProto.Builder lastMethod() {
        return lastService().getMethodBuilder(lastService().getMethodCount() - 1);
    }

    private SourceCodeInfo.Location.Builder lastMethodLocation() {
        return location(
                FileDescriptorProto.SERVICE_FIELD_NUMBER,
                file.getServiceCount() - 1,
                ServiceDescriptorProto.METHOD_FIELD_NUMBER,
                lastService().getMethodCount() - 1);
    }

    private SourceCodeInfo.Location.Builder location(Integer... path) {
        return file.getSourceCodeInfoBuilder().addLocationBuilder().addAllPath(List.of(path));
    }

    /** The response to a request that generates the first file; the others are its imports. */
    static CodeGeneratorResponse generate(String parameter, ProtoFile first, ProtoFile... imports) {
        CodeGeneratorRequest.Builder request =
                CodeGeneratorRequest.newBuilder().setParameter(parameter).addFileToGenerate(first.file.getName());
        for (ProtoFile imported : imports) {
            request.addProtoFile(imported.file);
        }
        return CodeGenerator.generate(request.addProtoFile(first.file).build());
    }

    /** The generated sources by their paths. */
    static Map<String, String> sources(CodeGeneratorResponse response) {
        if (response.hasError()) {
            throw new AssertionError(response.getError());
        }
        return response.getFileList().stream()
                .collect(Collectors.toMap(CodeGeneratorResponse.File::getName, CodeGeneratorResponse.File::getContent));
    }
}
