package dev.ttrpc.verification.interop.call;

import java.util.List;
import java.util.stream.Stream;

/** Every case there is, in the order in which they run. */
final class ConformanceCases {
    static final List<ConformanceCase> ALL = Stream.of(
                    UnaryCases.ALL,
                    StreamCases.ALL,
                    FailureCases.ALL,
                    DeadlineCases.ALL,
                    LimitCases.ALL,
                    CancellationCases.ALL,
                    ConcurrencyCases.ALL,
                    FlowCases.ALL,
                    LinkCases.ALL)
            .flatMap(List::stream)
            .toList();

    private ConformanceCases() {}
}
