package dev.ttrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ttrpc.MessageReader;
import dev.ttrpc.client.TtrpcChannel;
import dev.ttrpc.sample.v1.LoadSample;
import dev.ttrpc.sample.v1.NodeAgentTtrpc;
import dev.ttrpc.sample.v1.WatchRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleIT {
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");
    private static final String CALLS_PRINTED = "as called        Watch";

    @TempDir
    Path directory;

    private String socket;

    @BeforeEach
    void chooseSocket() {
        socket = "--sample.socket=" + directory.resolve("agent.sock");
    }

    @Test
    void reportsRealValuesOnceAndEndsWell() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[1_000_000]);

        try (RunningSample sample = start("sample", "--once", "--file=" + file)) {
            assertThat(sample.awaitExit()).isZero();

            assertThat(sample.output())
                    .containsPattern("node \\S+\\R  system +\\S.*\\R  cores +\\d+ logical, \\d+ physical\\R"
                            + "  memory +[\\d.]+ GiB, [\\d.]+ [GM]iB of it available\\R  up +\\d+ d")
                    .containsPattern(
                            "(  \\d\\d:\\d\\d:\\d\\d\\.\\d{3} +cpu +[\\d.]+ %, memory [\\d.]+ [GM]iB of .*\\R){5}")
                    .contains("1,000,000 bytes in 4 chunks", sha256(file), "the same as of the file sent")
                    .containsPattern("java +[1-9]\\d* found\\R +pid \\d+")
                    .containsPattern("no such process +0 found")
                    .containsPattern("as called +Describe +OK +501 ")
                    .containsPattern("as served +Describe +OK +50[01] ")
                    .doesNotContainIgnoringCase("warn")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void drainsARunningWatchAndRemovesItsSocket() throws Exception {
        try (RunningSample sample = start("sample").awaitOutput(CALLS_PRINTED);
                TtrpcChannel channel = TtrpcChannel.to("unix:" + directory.resolve("agent.sock"));
                MessageReader<LoadSample> samples =
                        NodeAgentTtrpc.client(channel).watch(WatchRequest.getDefaultInstance())) {
            assertThat(samples.read()).isNotNull();

            sample.terminate();
            // to its good end: a watch that is cut off fails
            samples.forEach(further -> assertThat(further.getMemoryTotalBytes()).isPositive());
            sample.awaitExit();

            assertThat(directory.resolve("agent.sock")).doesNotExist();
        }
    }

    @Test
    void secondSampleOnOneSocketRefusesWhileTheFirstGoesOn() throws Exception {
        try (RunningSample first = start("first").awaitOutput(CALLS_PRINTED)) {
            try (RunningSample second = start("second")) {
                assertThat(second.awaitExit()).isOne();
                assertThat(second.output())
                        .contains("Cannot listen on unix://" + directory.resolve("agent.sock"), "live process")
                        .doesNotContain("\tat ");
            }
            try (RunningSample client = start("client", "--spring.profiles.active=client")) {
                assertThat(client.awaitExit()).isZero();
                assertThat(client.output()).contains("as called").doesNotContain("as served");
            }
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void clientWithoutAnAgentSaysWhoIsMissing() throws Exception {
        try (RunningSample client = start("client", "--spring.profiles.active=client")) {
            assertThat(client.awaitExit()).isOne();
            assertThat(client.output())
                    .contains(
                            "No node agent answers: ",
                            directory.resolve("agent.sock").toString())
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void actuatorAnswersOnHttpWhereAskedFor() throws Exception {
        try (RunningSample sample = start(
                        "sample",
                        "--spring.profiles.active=http",
                        "--server.port=0",
                        "--logging.level.org.springframework.boot.tomcat=info")
                .awaitOutput(CALLS_PRINTED)) {
            Matcher port = PORT.matcher(sample.output());
            assertThat(port.find()).as(sample.output()).isTrue();
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(
                                            "http://127.0.0.1:" + port.group(1) + "/actuator/metrics/ttrpc.server"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).contains("dev.ttrpc.sample.v1.NodeAgent/Describe");
            assertThat(sample.output()).doesNotContain("WARN", "ERROR");
        }
    }

    private RunningSample start(String name, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 1];
        all[0] = socket;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return RunningSample.start(directory.resolve(name + ".log"), all);
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
