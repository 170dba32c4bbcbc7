package dev.ttrpc.verification.interop.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import dev.ttrpc.containerd.bootstrap.v1.BootstrapParams;
import dev.ttrpc.containerd.events.TaskExit;
import dev.ttrpc.containerd.runc.v1.Options;
import dev.ttrpc.containerd.services.events.v1.ForwardRequest;
import dev.ttrpc.containerd.types.Envelope;
import dev.ttrpc.containerd.types.Mount;
import dev.ttrpc.containerd.v1.types.ProcessInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The .proto files that were written here say what containerd's own do: names, numbers, types, labels. */
class InterfacesIT {
    private static final int GO_MINUTES = 5;

    /** Of files that are here in part. */
    private static final Set<String> LEFT_OUT = Set.of(
            "containerd.types.ActiveMount", "containerd.types.ActivationInfo", "containerd.types.MountCapabilities");

    private static Map<String, Message> theirs;

    @BeforeAll
    static void askGo() throws Exception {
        ContainerdPrograms.requireGo();
        Process go = new ProcessBuilder("go", "run", ".")
                .directory(Path.of("containerd").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            FileDescriptorSet set = FileDescriptorSet.parseFrom(go.getInputStream());
            if (!go.waitFor(GO_MINUTES, TimeUnit.MINUTES) || go.exitValue() != 0) {
                throw new IOException("containerd's descriptors cannot be had: see what Go said");
            }
            theirs = declarations(set.getFileList());
        } finally {
            go.destroyForcibly();
        }
    }

    @Test
    void everyDeclarationIsContainerds() {
        Map<String, Message> ours = declarations(Stream.of(
                        BootstrapParams.getDescriptor(),
                        TaskExit.getDescriptor(),
                        ForwardRequest.getDescriptor(),
                        Options.getDescriptor(),
                        ProcessInfo.getDescriptor(),
                        dev.ttrpc.containerd.task.v2.StateRequest.getDescriptor(),
                        dev.ttrpc.containerd.task.v3.StateRequest.getDescriptor(),
                        Envelope.getDescriptor(),
                        Mount.getDescriptor())
                .map(message -> message.getFile())
                .map(FileDescriptor::toProto)
                .toList());

        theirs.keySet().removeAll(LEFT_OUT);
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
        assertThat(ours)
                .allSatisfy(
                        (name, declaration) -> assertThat(declaration).as(name).isEqualTo(theirs.get(name)));
    }

    /** Messages, enumerations and services by their full names, without options and what else is the language's. */
    private static Map<String, Message> declarations(List<FileDescriptorProto> files) {
        Map<String, Message> declarations = new TreeMap<>();
        for (FileDescriptorProto file : files) {
            String prefix = file.getPackage() + ".";
            file.getMessageTypeList().forEach(message -> declarations.put(prefix + message.getName(), plain(message)));
            file.getEnumTypeList().forEach(type -> declarations.put(prefix + type.getName(), plain(type)));
            file.getServiceList().forEach(service -> declarations.put(prefix + service.getName(), plain(service)));
        }
        return declarations;
    }

    private static DescriptorProto plain(DescriptorProto message) {
        DescriptorProto.Builder plain =
                message.toBuilder().clearOptions().clearNestedType().clearField();
        message.getNestedTypeList().forEach(nested -> plain.addNestedType(plain(nested)));
        message.getFieldList()
                .forEach(field -> plain.addField(
                        FieldDescriptorProto.newBuilder(field).clearOptions().clearJsonName()));
        return plain.build();
    }

    private static EnumDescriptorProto plain(EnumDescriptorProto type) {
        return type.toBuilder().clearOptions().build();
    }

    private static ServiceDescriptorProto plain(ServiceDescriptorProto service) {
        ServiceDescriptorProto.Builder plain =
                service.toBuilder().clearOptions().clearMethod();
        service.getMethodList()
                .forEach(method ->
                        plain.addMethod(MethodDescriptorProto.newBuilder(method).clearOptions()));
        return plain.build();
    }
}
