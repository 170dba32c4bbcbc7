package com.example.greeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ttrpc.StatusCode;
import dev.ttrpc.TtrpcException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What the manual shows does what the manual says. */
@SpringBootTest
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class GreeterApplicationTests {
    @TempDir
    static Path directory;

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) {
        registry.add("ttrpc.server.socket.main.address", () -> "unix:" + directory.resolve("greeter.sock"));
        registry.add("ttrpc.client.channel.greeter.address", () -> "unix:" + directory.resolve("greeter.sock"));
    }

    @Autowired
    private Welcome welcome;

    @Autowired
    private AsyncWelcome asyncWelcome;

    @Autowired
    private WelcomeRunner runner;

    @Autowired
    private CallLog calls;

    @Test
    void runnerPrintsWhatTheEndpointAnswers(CapturedOutput output) {
        runner.run(null);

        assertThat(output.getOut()).contains("Hello ttrpc");
    }

    @Test
    void asyncClientGetsTheSame() {
        assertThat(asyncWelcome.welcome("async"))
                .succeedsWithin(20, TimeUnit.SECONDS)
                .isEqualTo("Hello async");
    }

    @Test
    void streamsAreReadToTheirEnd() {
        assertThat(welcome.welcomeOften("you", 3)).containsExactly("Hello you", "Hello you", "Hello you");
    }

    @Test
    void statusOfTheEndpointReachesTheCaller() {
        assertThatExceptionOfType(TtrpcException.class)
                .isThrownBy(() -> welcome.welcomeOften("you", 1001))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.INVALID_ARGUMENT));
    }

    @Test
    void interceptorSeesTheEndOfACall() {
        assertThat(welcome.welcomeOrNothing("log")).isEqualTo("Hello log");

        await().untilAsserted(() -> assertThat(calls.ended()).contains("helloworld.v1.Greeter/SayHello OK"));
    }

    @Test
    void plainJavaDoesTheSame() throws Exception {
        assertThat(PlainJava.serveAndCall("unix:" + directory.resolve("plain.sock")))
                .isEqualTo("Hello ttrpc");
    }
}
