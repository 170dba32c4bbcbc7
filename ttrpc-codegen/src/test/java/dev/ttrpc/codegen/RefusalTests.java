package dev.ttrpc.codegen;

import static dev.ttrpc.codegen.ProtoFile.generate;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, each in one sentence that names the place and the remedy. */
class RefusalTests {

    @Test
    void servicesWhoseTypesHaveOneName() {
        refused(
                generate("", file().service("Task").service("TaskAsync")),
                "a.proto: service a.TaskAsync would have a class a.TaskAsync, which is also generated for service a.Task "
                        + "of a.proto; set the parameter rename.a.TaskAsync=OtherName");
    }

    @Test
    void messageNamedLikeAGeneratedType() {
        refused(
                generate("", file().multipleFiles("j").message("GreeterClient").service("Greeter")),
                "a.proto: service a.Greeter would have a class j.GreeterClient, which protoc makes for message "
                        + "a.GreeterClient of a.proto; set the parameter rename.a.Greeter=OtherName, or package_suffix=NAME");
    }

    @Test
    void enumNamedLikeAGeneratedTypeOfAnImportingFile() {
        ProtoFile imported = ProtoFile.of("b.proto", "b").multipleFiles("a").enumeration("GreeterTtrpc");

        refused(
                generate("", file().service("Greeter"), imported),
                "a.proto: service a.Greeter would have a class a.GreeterTtrpc, which protoc makes for enum "
                        + "b.GreeterTtrpc of b.proto; set the parameter rename.a.Greeter=OtherName, or package_suffix=NAME");
    }

    @Test
    void fileNamedLikeAGeneratedType() {
        ProtoFile imported = ProtoFile.of("greeter_async.proto", "a");

        refused(
                generate("", file().service("Greeter"), imported),
                "a.proto: service a.Greeter would have a class a.GreeterAsync, which protoc makes for the class of "
                        + "greeter_async.proto; set the parameter rename.a.Greeter=OtherName, or package_suffix=NAME");
    }

    @Test
    void genericServicesOfProtoc() {
        ProtoFile file = file().multipleFiles("a").service("Greeter");
        file.options().setJavaGenericServices(true);

        refused(
                generate("", file),
                "a.proto: service a.Greeter would have a class a.Greeter, which protoc makes for option "
                        + "java_generic_services of a.proto; set the parameter rename.a.Greeter=OtherName, or "
                        + "package_suffix=NAME");
    }

    @Test
    void servicesOfTwoProtoPackagesInOneJavaPackage() {
        ProtoFile one = ProtoFile.of("v1.proto", "v1").multipleFiles("j").service("Greeter");
        ProtoFile two = ProtoFile.of("v2.proto", "v2").multipleFiles("j").service("Greeter");
        CodeGeneratorRequest request = CodeGeneratorRequest.newBuilder()
                .addFileToGenerate("v1.proto")
                .addFileToGenerate("v2.proto")
                .addProtoFile(one.builder())
                .addProtoFile(two.builder())
                .build();

        refused(
                CodeGenerator.generate(request),
                "v2.proto: service v2.Greeter would have a class j.Greeter, which is also generated for service "
                        + "v1.Greeter of v1.proto; set the parameter rename.v2.Greeter=OtherName");
        CodeGeneratorRequest renamed =
                request.toBuilder().setParameter("rename.v2.Greeter=Greeter2").build();
        assertThat(CodeGenerator.generate(renamed).getFileCount()).isEqualTo(10);
    }

    @Test
    void methodsThatDifferInCaseOnly() {
        ProtoFile file = service().rpc("Get", "a.M", "a.M").rpc("get", "a.M", "a.M");

        refused(
                generate("", file),
                "a.proto: service a.S: methods Get and get would both be get; "
                        + "set the parameter rename.a.S.get=otherName");
        assertThat(generate("rename.a.S.get=getPlain", file).hasError()).isFalse();
    }

    @Test
    void methodsWhoseConstantsHaveOneName() {
        ProtoFile file = service().rpc("GetURL", "a.M", "a.M").rpc("GetUrl", "a.M", "a.M");

        refused(
                generate("", file),
                "a.proto: service a.S: methods GetURL and GetUrl would both have the constant GET_URL; "
                        + "set the parameter rename.a.S.GetUrl=otherName");
    }

    @Test
    void methodWhoseConstantIsTheServicesName() {
        refused(
                generate("", service().rpc("ServiceName", "a.M", "a.M")),
                "a.proto: service a.S: method ServiceName would have the constant SERVICE_NAME, which holds the "
                        + "service's name; set the parameter rename.a.S.ServiceName=otherName");
    }

    @ParameterizedTest
    @CsvSource({"_", "__", "_1"})
    void methodWithoutAJavaName(String name) {
        refused(
                generate("", service().rpc(name, "a.M", "a.M")),
                "a.proto: service a.S: method " + name + " has no Java name; set the parameter rename.a.S." + name
                        + "=otherName");
    }

    @Test
    void allProblemsOfARunAtOnce() {
        ProtoFile file =
                service().rpc("Get", "a.M", "a.M").rpc("get", "a.M", "a.M").service("SAsync");

        assertThat(generate("", file).getError().lines()).hasSize(2);
    }

    @Test
    void messageThatNoFileDescribes() {
        refused(
                generate("", service().rpc("Get", "b.Missing", "a.M")),
                "a.proto: method Get of service a.S names message b.Missing, which is in no file of the request");
    }

    @Test
    void messageThatCannotBeImported() {
        ProtoFile imported = ProtoFile.of("b.proto", "").message("B");

        refused(
                generate("", service().rpc("Get", "B", "a.M"), imported),
                "a.proto: method Get of service a.S names message B, whose class is in Java's unnamed package and "
                        + "cannot be imported into a; set the option java_package in the file of that message");
    }

    @Test
    void messageInTheUnnamedPackageThatAConstantHides() {
        ProtoFile file =
                ProtoFile.of("a.proto", "").message("PING").service("S").rpc("Ping", "PING", "PING");
        file.options().setJavaMultipleFiles(true);

        refused(
                generate("", file),
                "class PING of a message is in Java's unnamed package, where the constant PING of a service hides it; "
                        + "set the option java_package in the file of that message");
    }

    @Test
    void fileThatTheRequestDoesNotDescribe() {
        refused(
                CodeGenerator.generate(CodeGeneratorRequest.newBuilder()
                        .addFileToGenerate("lost.proto")
                        .build()),
                "lost.proto: is to be generated, but the request does not describe it");
    }

    @Test
    void unknownParameter() {
        refused(
                generate("package_sufix=x", file()),
                "unknown parameter \"package_sufix\"; known are package_suffix=NAME, rename.SERVICE=JavaName and "
                        + "rename.SERVICE.METHOD=javaName");
    }

    @Test
    void parameterGivenTwice() {
        refused(generate("package_suffix=x,package_suffix=y", file()), "parameter \"package_suffix\" is given twice");
    }

    @ParameterizedTest
    @CsvSource({"package_suffix=", "package_suffix=a..b", "package_suffix=a.class", "package_suffix"})
    void packageSuffixThatIsNoPackage(String parameter) {
        String value = parameter.replaceFirst("package_suffix=?", "");

        refused(
                generate(parameter, file()),
                "parameter \"package_suffix\" must be a Java package name, not \"" + value + "\"");
    }

    @ParameterizedTest
    @CsvSource({"rename.a.S=a b,a b", "rename.a.S=,''", "rename.a.S=1S,1S", "rename.a.S=new,new"})
    void renameToWhatIsNoJavaName(String parameter, String value) {
        refused(generate(parameter, file()), "parameter \"rename.a.S\" must be a Java name, not \"" + value + "\"");
    }

    @Test
    void renameOfWhatIsInNoFileHasNoEffect() {
        assertThat(generate("rename.b.Other=X", file()).hasError()).isFalse();
    }

    private static ProtoFile file() {
        return ProtoFile.of("a.proto", "a");
    }

    private static ProtoFile service() {
        return file().message("M").service("S");
    }

    private static void refused(CodeGeneratorResponse response, String sentence) {
        assertThat(response.getError()).isEqualTo(sentence);
        assertThat(response.getFileCount()).isZero();
        assertThat(response.getSupportedFeatures()).isNotZero();
    }
}
