package dev.ttrpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtocGenTtrpcJavaTests {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    void answersTheRequestOnItsInput() throws IOException {
        CodeGeneratorRequest request = CodeGeneratorRequest.newBuilder()
                .addFileToGenerate("a.proto")
                .addProtoFile(ProtoFile.of("a.proto", "a").service("Greeter").builder())
                .build();

        assertThat(run(request.toByteArray())).isZero();
        assertThat(CodeGeneratorResponse.parseFrom(out.toByteArray())).isEqualTo(CodeGenerator.generate(request));
        assertThat(log.size()).isZero();
    }

    @Test
    void mistakeOfTheUserIsAnAnswerToo() throws IOException {
        CodeGeneratorRequest request =
                CodeGeneratorRequest.newBuilder().setParameter("x").build();

        assertThat(run(request.toByteArray())).isZero();
        assertThat(CodeGeneratorResponse.parseFrom(out.toByteArray()).getError())
                .startsWith("unknown parameter \"x\"");
    }

    @Test
    void inputThatIsNoRequestIsOneLineAndExitCode1() throws IOException {
        assertThat(run("hello".getBytes(StandardCharsets.UTF_8))).isEqualTo(1);
        assertThat(out.size()).isZero();
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("protoc-gen-ttrpc-java: standard input holds no request of protoc");
    }

    private int run(byte[] input) throws IOException {
        return ProtocGenTtrpcJava.run(
                new ByteArrayInputStream(input), out, new PrintStream(log, true, StandardCharsets.UTF_8));
    }
}
