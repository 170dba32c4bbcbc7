package dev.ttrpc.verification.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MethodDescriptor;
import dev.ttrpc.MethodType;
import dev.ttrpc.TtrpcContract;
import dev.ttrpc.verification.greeter.Greeter;
import dev.ttrpc.verification.greeter.GreeterTtrpc;
import dev.ttrpc.verification.greeter.IdleTtrpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import verification.edition2023.OldServiceTtrpc;
import verification.renamed.rpc.LaterTtrpc;
import verification.renamed.rpc.TaskTtrpc;
import verification.words.ObjectMethodsTtrpc;

/** What others rely on in generated types. */
class ShapeTests {

    static List<GeneratedService> services() throws IOException {
        return GeneratedSources.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void eachContractLeadsToItsHolder(GeneratedService service) {
        assertThat(List.of(service.blocking(), service.async(), service.client(), service.asyncClient()))
                .allSatisfy(contract -> {
                    assertThat(contract).isInterface().isPublic();
                    assertThat(contract.getAnnotation(TtrpcContract.class).value())
                            .isEqualTo(service.holder());
                });
    }

    @ParameterizedTest
    @MethodSource("services")
    void eachDescriptorIsOfItsService(GeneratedService service) {
        assertThat(service.methods())
                .allSatisfy(method -> assertThat(method.service()).isEqualTo(service.serviceName()));
    }

    @Test
    void generatedTypesAreMarkedInTheirClassFiles() throws IOException {
        try (InputStream file = Greeter.class.getResourceAsStream("Greeter.class")) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("Ldev/ttrpc/TtrpcGenerated;");
        }
    }

    @Test
    void methodsComeInTheOrderOfTheProto() {
        assertThat(GreeterTtrpc.SERVICE_NAME).isEqualTo("verification.greeter.v1.Greeter");
        assertThat(GreeterTtrpc.methods())
                .extracting(MethodDescriptor::name)
                .containsExactly("SayHello", "LotsOfReplies", "LotsOfGreetings", "Chat", "Nothing");
        assertThat(GreeterTtrpc.methods())
                .extracting(MethodDescriptor::type)
                .containsExactly(
                        MethodType.UNARY,
                        MethodType.SERVER_STREAMING,
                        MethodType.CLIENT_STREAMING,
                        MethodType.BIDI_STREAMING,
                        MethodType.UNARY);
        assertThat(IdleTtrpc.methods()).isEmpty();
    }

    @Test
    void namesThatJavaKeepsAreUntouchedOnTheWire() {
        assertThat(ObjectMethodsTtrpc.WAIT.fullName()).isEqualTo("verification.words.ObjectMethods/Wait");
        assertThat(ObjectMethodsTtrpc.TO_STRING.name()).isEqualTo("ToString");
    }

    @Test
    void renamedServicesKeepTheirNamesOnTheWire() {
        assertThat(LaterTtrpc.SERVICE_NAME).isEqualTo("verification.renamed.TaskAsync");
        assertThat(TaskTtrpc.GET.name()).isEqualTo("Get");
        assertThat(TaskTtrpc.GET_ALL.name()).isEqualTo("get");
        assertThat(TaskTtrpc.NAME_OF_SERVICE.name()).isEqualTo("ServiceName");
    }

    @Test
    void deprecationIsCarriedOver() throws Exception {
        assertThat(OldServiceTtrpc.class).hasAnnotation(Deprecated.class);
        assertThat(OldServiceTtrpc.class.getField("GET").isAnnotationPresent(Deprecated.class))
                .isTrue();
        assertThat(OldServiceTtrpc.class.getField("WATCH").isAnnotationPresent(Deprecated.class))
                .isFalse();
    }
}
