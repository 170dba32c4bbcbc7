package dev.ttrpc.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteropMainTests {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dance",
                "serve",
                "serve --no-such-option unix:/x",
                "serve nowhere",
                "serve unix:/x --stack=none",
                "serve unix:/x --max-message-size=1",
                "serve unix:/x --grace=soon",
                "serve unix:/x --require-peer=nobody",
                "call",
                "call nowhere",
                "call unix:/x no-such-case",
                "call unix:/x --timeout"
            })
    void aWrongCommandLineIsExitCodeTwo(String line) throws Exception {
        List<String> arguments =
                Stream.of(line.split(" ")).filter(word -> !word.isEmpty()).toList();
        assertThat(InteropMain.run(arguments)).isEqualTo(2);
    }
}
