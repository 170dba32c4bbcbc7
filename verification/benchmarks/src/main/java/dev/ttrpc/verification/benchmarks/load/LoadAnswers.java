package dev.ttrpc.verification.benchmarks.load;

import dev.ttrpc.Status;
import dev.ttrpc.benchmark.v1.LoadMessage;

/** What both contracts answer. */
final class LoadAnswers {
    private static final long LONGEST_DOWNLOAD = 1L << 30;

    private LoadAnswers() {}

    static LoadMessage echo(LoadMessage request) {
        return request.getSize() == 0 ? request : Payloads.message(request.getNumber(), checkedSize(request));
    }

    static LoadMessage fail(LoadMessage request) {
        throw Status.forCodeValue(request.getCount())
                .withDescription("failed as asked")
                .asException();
    }

    static void checkDownload(LoadMessage request) {
        if ((long) request.getCount() * checkedSize(request) > LONGEST_DOWNLOAD || request.getCount() < 0) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("too much is asked for")
                    .asException();
        }
    }

    private static int checkedSize(LoadMessage request) {
        int size = request.getSize();
        if (size < 0 || size > Payloads.LARGEST) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("too much is asked for")
                    .asException();
        }
        return size;
    }
}
