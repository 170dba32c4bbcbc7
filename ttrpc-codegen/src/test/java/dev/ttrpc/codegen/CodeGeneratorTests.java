package dev.ttrpc.codegen;

import static dev.ttrpc.codegen.ProtoFile.generate;
import static dev.ttrpc.codegen.ProtoFile.nestedMessage;
import static dev.ttrpc.codegen.ProtoFile.sources;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.JavaFeaturesProto.JavaFeatures;
import com.google.protobuf.JavaFeaturesProto.JavaFeatures.NestInFileClassFeature.NestInFileClass;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodeGeneratorTests {

    @Test
    void announcesProto3OptionalAndTheEditionsUpTo2024() {
        CodeGeneratorResponse response = CodeGenerator.generate(CodeGeneratorRequest.getDefaultInstance());

        assertThat(response.getSupportedFeatures())
                .isEqualTo(Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE);
        assertThat(response.getMinimumEdition()).isEqualTo(Edition.EDITION_PROTO2_VALUE);
        assertThat(response.getMaximumEdition()).isEqualTo(Edition.EDITION_2024_VALUE);
    }

    @Test
    void sameRequestGivesTheSameResponse() {
        assertThat(generate("", thing("a.proto", "a")).toByteString())
                .isEqualTo(generate("", thing("a.proto", "a")).toByteString());
    }

    @Test
    void onlyFilesToGenerateGiveOutput() {
        CodeGeneratorResponse response = generate("", thing("a.proto", "a"), thing("b.proto", "b"));

        assertThat(sources(response))
                .containsOnlyKeys(
                        "a/Things.java",
                        "a/ThingsAsync.java",
                        "a/ThingsClient.java",
                        "a/ThingsAsyncClient.java",
                        "a/ThingsTtrpc.java");
    }

    @Test
    void fileWithoutServicesGivesNoOutput() {
        assertThat(sources(generate("", ProtoFile.of("a.proto", "a").message("M"))))
                .isEmpty();
    }

    @Test
    void nameOnTheWireIsTheProtosEvenWithoutAPackage() {
        assertThat(sources(generate("", thing("a.proto", ""))).get("ThingsTtrpc.java"))
                .contains("SERVICE_NAME = \"Things\";")
                .doesNotContain("package ");
        assertThat(sources(generate("", thing("a.proto", "a.b"))).get("a/b/ThingsTtrpc.java"))
                .contains("SERVICE_NAME = \"a.b.Things\";");
    }

    @Test
    void twoServicesOfAFileMayShareMethodNames() {
        ProtoFile file = thing("a.proto", "a").service("Others").rpc("Get", "a.Thing", "a.Thing");

        assertThat(sources(generate("", file))).hasSize(10).containsKeys("a/Things.java", "a/Others.java");
    }

    @Test
    void deprecatedServiceIsDeprecatedInAllItsTypes() {
        Map<String, String> sources = sources(generate("", thing("a.proto", "a").deprecatedService()));

        assertThat(sources.values())
                .hasSize(5)
                .allSatisfy(
                        source -> assertThat(source)
                                .contains(
                                        " * @deprecated Marked as deprecated in a.proto.\n */\n@Deprecated\n@TtrpcGenerated\n"));
    }

    @Test
    void deprecatedMessageSilencesTheTypesThatNameIt() {
        ProtoFile file = thing("a.proto", "a");
        file.builder().getMessageTypeBuilder(0).getOptionsBuilder().setDeprecated(true);

        assertThat(sources(generate("", file)).values())
                .allSatisfy(
                        source -> assertThat(source).contains("@SuppressWarnings(\"deprecation\")\n@TtrpcGenerated"));
    }

    @Test
    void classOfADeprecatedFileIsNotImportedFrom() {
        ProtoFile file = thing("a.proto", "a");
        file.options().setDeprecated(true);

        assertThat(sources(generate("", file)).get("a/Things.java"))
                .contains("default A.Thing get(A.Thing request)")
                .doesNotContain("import a.A");
    }

    @Test
    void classOfTheFileGivesWayToWhateverHasItsNameAtAnyDepth() {
        ProtoFile nested = ProtoFile.of("dir/my-file.v1.proto", "a")
                .message("Thing", nestedMessage("MyFileV1"))
                .service("Things")
                .rpc("Get", "a.Thing", "a.Thing.MyFileV1");
        assertThat(sources(generate("", nested)).get("a/Things.java"))
                .contains("import a.MyFileV1OuterClass.Thing;")
                .contains("default Thing.MyFileV1 get(Thing request)");

        ProtoFile service = ProtoFile.of("things.proto", "a").message("Thing").service("Things");
        service.rpc("Get", "a.Thing", "a.Thing");
        assertThat(sources(generate("", service)).get("a/Things.java")).contains("import a.ThingsOuterClass.Thing;");
    }

    @Test
    void javaOuterClassnameIsTakenAsItIs() {
        ProtoFile file = thing("a.proto", "a");
        file.options().setJavaOuterClassname("Protos");

        assertThat(sources(generate("", file)).get("a/Things.java")).contains("import a.Protos.Thing;");
    }

    @Test
    void edition2023NamesClassesAsProto3Does() {
        ProtoFile file = thing("a.proto", "a");
        file.builder().setSyntax("editions").setEdition(Edition.EDITION_2023);

        assertThat(sources(generate("", file)).get("a/Things.java")).contains("import a.A.Thing;");
    }

    @Test
    void edition2024PutsEachMessageInItsOwnFileUnlessAskedToNest() {
        ProtoFile file = thing("a.proto", "a").message("Nested").rpc("Nest", "a.Nested", "a.Thing");
        file.builder()
                .setSyntax("editions")
                .setEdition(Edition.EDITION_2024)
                .getMessageTypeBuilder(1)
                .setOptions(nestInFileClass());

        assertThat(sources(generate("", file)).get("a/Things.java"))
                .contains("import a.AProto.Nested;")
                .doesNotContain("import a.AProto.Thing")
                .contains("default Thing nest(Nested request)");
    }

    @Test
    void featuresAreReadAlsoWhenTheRequestWasParsedWithoutThem() throws Exception {
        ProtoFile file = thing("a.proto", "a");
        file.builder().setEdition(Edition.EDITION_2024).getMessageTypeBuilder(0).setOptions(nestInFileClass());
        CodeGeneratorRequest request = CodeGeneratorRequest.newBuilder()
                .addFileToGenerate("a.proto")
                .addProtoFile(file.builder())
                .build();

        CodeGeneratorRequest parsed = CodeGeneratorRequest.parseFrom(request.toByteString());

        assertThat(CodeGenerator.generate(parsed)).isEqualTo(CodeGenerator.generate(request));
        assertThat(sources(CodeGenerator.generate(parsed)).get("a/Things.java")).contains("import a.AProto.Thing;");
    }

    @Test
    void packageSuffixMovesTheServiceAndImportsItsMessages() {
        ProtoFile file = thing("a.proto", "a");
        file.options().setJavaMultipleFiles(true);

        assertThat(sources(generate("package_suffix=rpc.v1", file)).get("a/rpc/v1/Things.java"))
                .contains("package a.rpc.v1;")
                .contains("import a.Thing;");
    }

    @Test
    void renameChangesJavaNamesAndNothingOnTheWire() {
        Map<String, String> sources =
                sources(generate("rename.a.Things=Stuff,rename.a.Things.Get=fetchIt", thing("a.proto", "a")));

        assertThat(sources).containsKey("a/Stuff.java").doesNotContainKey("a/Things.java");
        assertThat(sources.get("a/StuffTtrpc.java"))
                .contains("SERVICE_NAME = \"a.Things\"")
                .contains("FETCH_IT =", "\"Get\"")
                .contains("service::fetchIt");
    }

    @Test
    void classesNamedLikeTheRuntimesLeaveTheRuntimeItsFullName() {
        ProtoFile file = ProtoFile.of("a.proto", "a")
                .multipleFiles("a")
                .message("String")
                .message("MessageReader")
                .message("Override")
                .service("Exception")
                .rpc("Get", "stream a.String", "stream a.MessageReader");

        Map<String, String> sources = sources(generate("", file));
        assertThat(sources.get("a/Exception.java"))
                .contains("get(dev.ttrpc.MessageReader<String> requests, MessageWriter<MessageReader> replies)")
                .contains("throws java.lang.Exception");
        assertThat(sources.get("a/ExceptionTtrpc.java"))
                .contains("public static final java.lang.String SERVICE_NAME")
                .contains("@java.lang.Override");
    }

    @Test
    void serviceOfTheSamePackageHidesNothingFromAnother() {
        ProtoFile file = thing("a.proto", "a").service("Exception").service("Override");

        assertThat(sources(generate("", file)).get("a/Things.java")).contains("throws java.lang.Exception");
        assertThat(sources(generate("", file)).get("a/ThingsTtrpc.java")).contains("@java.lang.Override");
    }

    @Test
    void ofTwoImportedMessagesOfOneNameTheSecondIsNamedInFull() {
        ProtoFile file = ProtoFile.of("a.proto", "a").service("Things").rpc("Get", "b.Thing", "c.Thing");
        ProtoFile b = ProtoFile.of("b.proto", "b").multipleFiles("b").message("Thing");
        ProtoFile c = ProtoFile.of("c.proto", "c").multipleFiles("c").message("Thing");

        assertThat(sources(generate("", file, b, c)).get("a/Things.java"))
                .contains("import c.Thing;")
                .doesNotContain("import b.Thing;")
                .contains("default Thing get(b.Thing request)");
    }

    @Test
    void constantDoesNotHideAMessageOfItsName() {
        ProtoFile file = ProtoFile.of("a.proto", "a")
                .multipleFiles("a")
                .message("PING")
                .service("Things")
                .rpc("Ping", "a.PING", "a.PING");

        assertThat(sources(generate("", file)).get("a/ThingsTtrpc.java"))
                .contains("ProtobufMarshaller.of(a.PING.getDefaultInstance())");
    }

    @Test
    void longLinesAreWrappedButForComments() {
        String path = "x".repeat(80) + "/(" + "y".repeat(40) + ").proto";
        String message = "Thing" + "x".repeat(80);
        ProtoFile file = ProtoFile.of(path, "a")
                .multipleFiles("a")
                .message(message)
                .service("Things")
                .rpc("Get", "a." + message, "a." + message)
                .rpc("Put", "stream a." + message, "stream a." + message);

        assertThat(sources(generate("", file)).get("a/Things.java"))
                .startsWith("// Generated by protoc-gen-ttrpc-java from " + path + ". Do not edit.\n")
                .contains("    default " + message + " get(\n            " + message + " request) throws Exception {\n")
                .contains("    default void put(\n            MessageReader<" + message + "> requests, MessageWriter<");
    }

    private static ProtoFile thing(String path, String protoPackage) {
        String prefix = protoPackage.isEmpty() ? "" : protoPackage + ".";
        return ProtoFile.of(path, protoPackage)
                .message("Thing")
                .service("Things")
                .rpc("Get", prefix + "Thing", prefix + "Thing");
    }

    private static MessageOptions nestInFileClass() {
        JavaFeatures nested = JavaFeatures.newBuilder()
                .setNestInFileClass(NestInFileClass.YES)
                .build();
        return MessageOptions.newBuilder()
                .setFeatures(FeatureSet.newBuilder().setExtension(JavaFeaturesProto.java_, nested))
                .build();
    }
}
