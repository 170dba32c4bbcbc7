package dev.ttrpc.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Runs each target with the inputs that are kept in {@code src/test/resources/fuzz}: examples to begin with, and everything that once was a finding. */
class CorpusTests {
    private static final Map<String, ThrowingConsumer<byte[]>> TARGETS = Map.of(
            "AddressFuzz", AddressFuzz::fuzzerTestOneInput,
            "ClientConnectionFuzz", ClientConnectionFuzz::fuzzerTestOneInput,
            "FrameDecoderFuzz", FrameDecoderFuzz::fuzzerTestOneInput,
            "RequestFuzz", RequestFuzz::fuzzerTestOneInput,
            "ServerConnectionFuzz", ServerConnectionFuzz::fuzzerTestOneInput,
            "ResponseFuzz", ResponseFuzz::fuzzerTestOneInput);

    @TestFactory
    Stream<DynamicTest> everyKeptInputHoldsToTheRules() {
        return TARGETS.entrySet().stream()
                .flatMap(target -> inputs(target.getKey()).stream()
                        .map(file -> DynamicTest.dynamicTest(
                                target.getKey() + " " + file.getFileName(),
                                () -> target.getValue().accept(Files.readAllBytes(file)))));
    }

    @TestFactory
    Stream<DynamicTest> everyBeginningOfAKeptInputHoldsToTheRules() {
        return TARGETS.entrySet().stream()
                .map(target -> DynamicTest.dynamicTest(target.getKey(), () -> {
                    for (Path file : inputs(target.getKey())) {
                        byte[] input = Files.readAllBytes(file);
                        for (int length = 0; length < input.length; length++) {
                            target.getValue().accept(java.util.Arrays.copyOf(input, length));
                        }
                    }
                }));
    }

    @Test
    void everyTargetHasInputs() {
        TARGETS.keySet().forEach(target -> assertThat(inputs(target)).as(target).isNotEmpty());
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(
                Path.of(URI.create(Objects.requireNonNull(CorpusTests.class.getResource("/fuzz/" + target), target)
                        .toString())))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
