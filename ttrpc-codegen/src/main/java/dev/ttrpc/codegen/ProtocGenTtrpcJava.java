package dev.ttrpc.codegen;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The protoc plugin {@code protoc-gen-ttrpc-java}: protoc writes a request to its standard input and reads the response
 * from its standard output. Mistakes in a proto or a parameter travel in the response; the exit code is 1 only when
 * there is no request to answer.
 */
public final class ProtocGenTtrpcJava {
    private ProtocGenTtrpcJava() {}

    /** Answers the one request on standard input. Takes no arguments: parameters come from protoc. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(System.in, System.out, System.err));
    }

    static int run(InputStream in, OutputStream out, PrintStream log) throws IOException {
        CodeGeneratorRequest request;
        try {
            request = CodeGeneratorRequest.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            log.println("protoc-gen-ttrpc-java: standard input holds no request of protoc (" + e.getMessage()
                    + "); it is started by protoc, with --ttrpc-java_out=DIRECTORY");
            return 1;
        }
        CodeGenerator.generate(request).writeTo(out);
        out.flush();
        return 0;
    }
}
