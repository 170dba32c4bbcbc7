package main

import (
	"context"
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

func faultUnreadStream(ctx context.Context, s *server) error {
	// snippet: unread
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 1_000})
	if err != nil {
		return err
	}
	for held := false; !held; { // until a call has to wait for the stream that nobody reads
		begin := time.Now()
		if _, err := s.Unary(ctx, &conformance.UnaryRequest{}); err != nil {
			return err
		}
		held = time.Since(begin) > 500*time.Millisecond
	}
	received := 0
	for ; err == nil; received++ {
		_, err = stream.Recv() // 64 messages, then ErrStreamFull
	}
	// end
	return firstOf(
		expect("end of the stream", err, ttrpc.ErrStreamFull),
		expect("messages before it", received-1, 64))
}
