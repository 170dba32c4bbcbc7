package dev.ttrpc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.ttrpc.spring.TtrpcClient;
import dev.ttrpc.spring.TtrpcEndpoint;
import dev.ttrpc.spring.greeter.Greeter;
import dev.ttrpc.spring.greeter.GreeterClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What a user reads when an application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class TtrpcStartupFailureTests {
    @TempDir
    Path directory;

    @Test
    void aMissingDirectoryIsReportedAsOneSentenceWithoutAStackTrace(CapturedOutput output) {
        Path socket = directory.resolve("missing").resolve("main.sock");
        assertThatException()
                .isThrownBy(() -> run(Serving.class, "--ttrpc.server.socket.main.address=unix://" + socket));
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("Socket 'main' cannot be opened. Cannot listen on unix://" + socket)
                .contains("ttrpc.server.socket.main.address")
                .doesNotContain("\tat dev.ttrpc");
    }

    @Test
    void anApplicationWithoutSocketIsToldWhatToWrite(CapturedOutput output) {
        assertThatException().isThrownBy(() -> run(Serving.class));
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("ttrpc.server.socket:")
                .doesNotContain("\tat dev.ttrpc");
    }

    @Test
    void anUnknownChannelIsReportedWithTheConfiguredOnes(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> run(
                        Calling.class,
                        "--ttrpc.client.channel.one.address=in-process:x",
                        "--ttrpc.client.channel.two.address=in-process:y"));
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("'nowhere', which is not configured. Configured are: one, two.")
                .doesNotContain("\tat dev.ttrpc");
    }

    private static void run(Class<?> application, String... args) {
        new SpringApplication(application).run(args).close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Serving {}

    @TtrpcEndpoint
    static class Endpoint implements Greeter {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Caller.class)
    static class Calling {}

    static class Caller {
        Caller(@TtrpcClient("nowhere") GreeterClient client) {}
    }
}
