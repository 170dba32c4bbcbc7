package main

import (
	"context"
	"io"
	"time"

	"github.com/containerd/ttrpc"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
)

// faultCases are what Go's client itself cannot do. One that fails says that Go is better now: docs/interoperability.md has to say so too.
var faultCases = []testCase{
	{"fault-stream-metadata", "Go's client sends neither metadata nor a deadline with a stream", faultStreamMetadata},
	{"fault-unread-stream", "Go's client gives up a stream that nobody reads, and reads no other meanwhile", faultUnreadStream},
}

func init() { cases = append(cases, faultCases...) }

func faultStreamMetadata(ctx context.Context, s *server) error {
	// snippet: metadata
	ctx, cancel := context.WithTimeout(ttrpc.WithMetadata(ctx, ttrpc.MD{"key": {"value"}}), 10*time.Second)
	defer cancel()
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	answer, err := stream.CloseAndRecv() // its call has no metadata and no deadline
	// end
	return firstOf(err,
		expect("metadata", len(answer.GetCall().GetMetadata()), 0),
		expect("remaining nanos", answer.GetCall().GetRemainingNanos(), 0))
}

// faultUnreadStream tries again where a call was held by a busy machine before the stream was full.
func faultUnreadStream(ctx context.Context, s *server) error {
	received, err := 0, error(nil)
	for tries := 0; tries < 5 && err != ttrpc.ErrStreamFull; tries++ {
		if received, err = readLate(ctx, s); err != ttrpc.ErrStreamFull && err != io.EOF {
			return err
		}
	}
	return firstOf(
		expect("end of the stream", err, ttrpc.ErrStreamFull),
		expect("messages before it", received, 64))
}

func readLate(ctx context.Context, s *server) (int, error) {
	// snippet: unread
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 1_000})
	if err != nil {
		return 0, err
	}
	for held := false; !held; { // until a call has to wait for the stream that nobody reads
		begin := time.Now()
		if _, err := s.Unary(ctx, &conformance.UnaryRequest{}); err != nil {
			return 0, err
		}
		held = time.Since(begin) > 500*time.Millisecond
	}
	for received := 0; ; received++ {
		if _, err := stream.Recv(); err != nil {
			return received, err // 64 messages, then ErrStreamFull
		}
	}
	// end
}
