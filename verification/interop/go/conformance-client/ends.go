package main

import (
	"context"
	"fmt"
	"io"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
)

// endCases are the ways to end a call that cases has not.
var endCases = []testCase{
	{"error-every-code", "each of the 16 codes arrives with its text", errorEveryCode},
	{"upload-error-at-once", "a status upon the first message of an upload", uploadErrorAtOnce},
	{"upload-exception", "what a handler throws ends an upload with UNKNOWN", uploadException},
	{"download-early-end", "the server ends after fewer messages than asked for", downloadEarlyEnd},
	{"download-error-at-once", "a status instead of the first message", downloadErrorAtOnce},
	{"download-exception", "what a handler throws ends a download with UNKNOWN", downloadException},
	{"download-unknown-method", "UNIMPLEMENTED ends a stream too", downloadUnknownMethod},
	{"chat-nothing", "a chat without a message", chatNothing},
	{"chat-error-at-once", "a status upon the first message of a chat", chatErrorAtOnce},
	{"chat-exception", "what a handler throws ends a chat with UNKNOWN", chatException},
	{"chat-write-after-end", "what is sent behind the server's end disturbs nobody", chatWriteAfterEnd},
	{"download-large", "64 messages of 1 MiB", downloadLarge},
	{"upload-large", "32 messages of 1 MiB", uploadLarge},
}

func init() { cases = append(cases, endCases...) }

func errorEveryCode(ctx context.Context, s *server) error {
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		text := fmt.Sprintf("text of %d", code)
		_, err := s.Unary(ctx, &conformance.UnaryRequest{Plan: &conformance.Plan{StatusCode: int32(code), StatusMessage: text}})
		if wrong := expectStatus(err, code, text); wrong != nil {
			return wrong
		}
	}
	return stillUsable(ctx, s)
}

func uploadErrorAtOnce(ctx context.Context, s *server) error {
	plan := &conformance.Plan{StatusCode: int32(codes.PermissionDenied), StatusMessage: "not you"}
	return failedUpload(ctx, s, plan, func(err error) error { return expectStatus(err, codes.PermissionDenied, "not you") })
}

func uploadException(ctx context.Context, s *server) error {
	plan := &conformance.Plan{ThrowMessage: "thrown"}
	return failedUpload(ctx, s, plan, func(err error) error { return expectCode(err, codes.Unknown) })
}

func failedUpload(ctx context.Context, s *server, plan *conformance.Plan, end func(error) error) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&conformance.UploadRequest{Plan: plan}); err != nil {
		return err
	}
	return firstOf(end(stream.RecvMsg(&conformance.UploadResponse{})), stillUsable(ctx, s))
}

func downloadEarlyEnd(ctx context.Context, s *server) error {
	return plannedDownload(ctx, s, &conformance.Plan{AfterMessages: 3}, 3, func(err error) error {
		return expect("end of the stream", err, error(io.EOF))
	})
}

func downloadErrorAtOnce(ctx context.Context, s *server) error {
	plan := &conformance.Plan{StatusCode: int32(codes.ResourceExhausted), StatusMessage: "none left"}
	return plannedDownload(ctx, s, plan, 0, func(err error) error { return expectStatus(err, codes.ResourceExhausted, "none left") })
}

func downloadException(ctx context.Context, s *server) error {
	plan := &conformance.Plan{ThrowMessage: "thrown", AfterMessages: 1}
	return plannedDownload(ctx, s, plan, 1, func(err error) error { return expectCode(err, codes.Unknown) })
}

func plannedDownload(ctx context.Context, s *server, plan *conformance.Plan, messages int32, end func(error) error) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 10, Plan: plan})
	if err != nil {
		return err
	}
	if err := expectNumbers(stream, 0, messages, 0); err != nil {
		return err
	}
	_, err = stream.Recv()
	return firstOf(end(err), stillUsable(ctx, s))
}

func downloadUnknownMethod(ctx context.Context, s *server) error {
	for _, desc := range []*ttrpc.StreamDesc{{StreamingServer: true}, {StreamingClient: true, StreamingServer: true}} {
		stream, err := s.raw.NewStream(ctx, desc, "ttrpc.conformance.v1.Conformance", "NoSuchStream", &emptypb.Empty{})
		if err != nil {
			return err
		}
		if wrong := expectStatus(stream.RecvMsg(&emptypb.Empty{}), codes.Unimplemented, "method NoSuchStream"); wrong != nil {
			return wrong
		}
	}
	return stillUsable(ctx, s)
}

func chatNothing(ctx context.Context, s *server) error {
	return chatInTurns(ctx, s, 0)
}

func chatErrorAtOnce(ctx context.Context, s *server) error {
	plan := &conformance.Plan{StatusCode: int32(codes.Unauthenticated), StatusMessage: "who are you"}
	return failedChat(ctx, s, plan, func(err error) error { return expectStatus(err, codes.Unauthenticated, "who are you") })
}

func chatException(ctx context.Context, s *server) error {
	return failedChat(ctx, s, &conformance.Plan{ThrowMessage: "thrown"}, func(err error) error { return expectCode(err, codes.Unknown) })
}

func failedChat(ctx context.Context, s *server, plan *conformance.Plan, end func(error) error) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&conformance.ChatMessage{Plan: plan}); err != nil {
		return err
	}
	_, err = stream.Recv()
	return firstOf(end(err), stillUsable(ctx, s))
}

// chatWriteAfterEnd sends on although the server has ended: Go's client does not stop it.
func chatWriteAfterEnd(ctx context.Context, s *server) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&conformance.ChatMessage{Plan: &conformance.Plan{AfterMessages: 1}}); err != nil {
		return err
	}
	if _, err := stream.Recv(); err != nil {
		return err
	}
	if _, err := stream.Recv(); err != io.EOF {
		return fmt.Errorf("end of the stream is %v", err)
	}
	for i := int32(1); i <= 10; i++ {
		if err := stream.Send(&conformance.ChatMessage{Number: i}); err != nil {
			return err
		}
	}
	return firstOf(stream.CloseSend(), stillUsable(ctx, s))
}

func downloadLarge(ctx context.Context, s *server) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 64, Size: 1 << 20})
	if err != nil {
		return err
	}
	return firstOf(expectNumbers(stream, 0, 64, 1<<20), expectEnd(stream))
}

func uploadLarge(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < 32; i++ {
		if err := stream.Send(&conformance.UploadRequest{Payload: make([]byte, 1<<20)}); err != nil {
			return err
		}
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("messages", answer.GetMessages(), 32), expect("bytes", answer.GetBytes(), 32<<20))
}
