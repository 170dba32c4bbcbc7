package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InteropMainTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | a command is missing",
                "dance | unknown command dance",
                "serve | serve needs an address",
                "serve --no-such-option unix:/x | unknown option --no-such-option; known are --grace, --max-concurrent-calls, --max-message-size, --non-blocking, --receive-budget, --require-peer, --stack, --stall-timeout",
                "serve nowhere | nowhere",
                "serve unix:/x --stack=none | --stack must be one of blocking, async: none",
                "serve unix:/x --stack | --stack needs a value: --stack=VALUE",
                "serve unix:/x --non-blocking=yes | --non-blocking takes no value",
                "serve unix:/x --max-message-size=1 | 1",
                "serve unix:/x --max-message-size=99999999999 | --max-message-size must be at most 2147483647: 99999999999",
                "serve unix:/x --max-concurrent-calls=0 | --max-concurrent-calls must be a whole number of at least 1: 0",
                "serve unix:/x --receive-budget=5000 | 5000",
                "serve unix:/x --stall-timeout=-1 | --stall-timeout must be a whole number of at least 1: -1",
                "serve unix:/x --grace=soon | --grace must be a whole number of at least 1: soon",
                "serve unix:/x --grace=1 --grace=2 | --grace is given twice",
                "serve unix:/x --require-peer=nobody | --require-peer must be same-user, root or UID:GID: nobody",
                "serve unix:/x --require-peer=1:2:3 | --require-peer must be same-user, root or UID:GID: 1:2:3",
                "serve tcp://127.0.0.1:0 --require-peer=same-user | --require-peer needs unix sockets, TCP does not tell who connects: tcp://127.0.0.1:0",
                "serve nothing:here | no transport has the scheme nothing",
                "call | call needs an address",
                "call nowhere | nowhere",
                "call nothing:here unary-echo | no transport has the scheme nothing",
                "call unix:/x no-such-case | no case is named no-such-case: see call --list",
                "call in-process:x link-reconnect | case link-reconnect needs the path of a unix socket or a TCP port: in-process:x",
                "call unix:/x --timeout | --timeout needs a value: --timeout=VALUE",
                "call unix:/x --timeout=0 | --timeout must be a whole number of at least 1: 0",
                "call unix:/x --stack=both | --stack must be one of blocking, async: both",
                "call unix:/x --list=all | --list takes no value",
                "call unix:/x --grace=1 | unknown option --grace; known are --list, --service, --stack, --timeout",
                "call unix:/x --service=other | --service must be one of conformance, go-streaming: other"
            })
    void aWrongCommandLineIsExitCodeTwoAndASentence(String line, String sentence) throws Exception {
        List<String> arguments =
                Stream.of(line.split(" ")).filter(word -> !word.isEmpty()).toList();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertThat(InteropMain.run(arguments)).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        List<String> lines = errors.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains(sentence);
        assertThat(lines.subList(1, 3)).allMatch(usage -> usage.startsWith("usage: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "serve --help", "call unix:/x --help"})
    void whoAsksForHelpGetsItOnStandardOutput(String line) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            assertThat(InteropMain.run(List.of(line.split(" ")))).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(output.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(usage -> usage.startsWith("usage: "));
    }

    @Test
    void theListNeedsNoAddress() throws Exception {
        assertThat(InteropMain.run(List.of("call", "--list"))).isZero();
    }
}
