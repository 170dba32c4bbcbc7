package dev.ttrpc.codegen;

import static dev.ttrpc.codegen.ProtoFile.generate;
import static dev.ttrpc.codegen.ProtoFile.nestedMessage;
import static dev.ttrpc.codegen.ProtoFile.sources;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A service with everything, against files that a reader can judge. After a change of a template, run with
 * {@code -DargLine=-Dgolden.write=true} and read the diff.
 */
class GoldenTests {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void serviceWithEverythingIsGeneratedAsTheGoldenFilesHaveIt() throws IOException {
        check("everything", generate("", greeter(), catalog(), empty()));
    }

    @Test
    void messagesInTheFilesClassAreNamedThroughIt() throws IOException {
        ProtoFile file = ProtoFile.of("relay/relay.proto", "relay")
                .message("Packet", nestedMessage("Part"))
                .service("Relay")
                .rpc("Forward", "relay.Packet", "relay.Packet.Part");
        check("nested-in-file-class", generate("", file));
    }

    @Test
    void serviceWithoutMethodsOrPackageIsStillWhole() throws IOException {
        ProtoFile file = ProtoFile.of("nothing.proto", "").service("Nothing");
        check("nothing", generate("", file));
    }

    private static ProtoFile greeter() {
        return ProtoFile.of("helloworld/v1/greeter.proto", "helloworld.v1")
                .multipleFiles("demo")
                .message("HelloRequest", nestedMessage("Options"))
                .message("HelloReply")
                .message("Client")
                .service("Greeter")
                .commentOnService("""
                         Greets whoever asks, as {@code RFC 0} wants it.

                         What it does:
                          - waves & says <hello>
                          - ends with */ sometimes, costs 1 \\u20ac, and mails to a@b

                         More of it elsewhere.
                        """)
                .rpc("SayHello", "helloworld.v1.HelloRequest", "helloworld.v1.HelloReply")
                .comment(" Says hello once.\n")
                .rpc("LotsOfReplies", "helloworld.v1.HelloRequest", "stream helloworld.v1.HelloReply")
                .comment(" Says hello\n again and again.\n")
                .rpc("LotsOfGreetings", "stream helloworld.v1.HelloRequest", "helloworld.v1.HelloReply")
                .trailingComment(" One answer to many.\n")
                .rpc("Chat", "stream helloworld.v1.HelloRequest.Options", "stream helloworld.v1.Client")
                .rpc("Notify", "google.protobuf.Empty", "google.protobuf.Empty")
                .comment(" Named like a method of Object.\n")
                .rpc("default", "catalog.HelloRequest", "catalog.Item")
                .comment(" Named like a keyword; takes another HelloRequest.\n")
                .rpc("GetURLOf", "helloworld.v1.HelloRequest", "helloworld.v1.HelloReply")
                .comment(" Use SayHello.\n")
                .deprecated();
    }

    private static ProtoFile catalog() {
        ProtoFile catalog =
                ProtoFile.of("catalog.proto", "catalog").message("HelloRequest").message("Item");
        catalog.options().setJavaPackage("demo.catalog");
        return catalog;
    }

    private static ProtoFile empty() {
        return ProtoFile.of("google/protobuf/empty.proto", "google.protobuf")
                .multipleFiles("com.google.protobuf")
                .message("Empty");
    }

    private static void check(String name, CodeGeneratorResponse response) throws IOException {
        Path folder = GOLDEN.resolve(name);
        Map<String, String> sources = sources(response);
        if (Boolean.getBoolean("golden.write")) {
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = folder.resolve(source.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
            }
        }
        Map<String, String> golden = read(folder);
        assertThat(sources).containsOnlyKeys(golden.keySet());
        golden.forEach((path, source) -> assertThat(sources.get(path)).as(path).isEqualTo(source));
    }

    private static Map<String, String> read(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var paths = Files.walk(folder)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                files.put(path, Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
