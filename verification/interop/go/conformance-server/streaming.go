package main

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	streaming "ttrpc.dev/gen/ttrpc/integration/streaming"
)

const (
	nonEmpty    = "non-empty empty"
	nullAnswers = 10
)

// streamingService is the service of Go's own integration test.
type streamingService struct{}

func (streamingService) Echo(_ context.Context, message *streaming.EchoPayload) (*streaming.EchoPayload, error) {
	return countedUp(message), nil
}

func countedUp(message *streaming.EchoPayload) *streaming.EchoPayload {
	return &streaming.EchoPayload{Seq: message.Seq + 1, Msg: message.Msg}
}

func (streamingService) EchoStream(_ context.Context, stream streaming.Streaming_EchoStreamServer) error {
	return each(stream.Recv, func(message *streaming.EchoPayload) error { return stream.Send(countedUp(message)) })
}

func (streamingService) SumStream(_ context.Context, stream streaming.Streaming_SumStreamServer) (*streaming.Sum, error) {
	sum := &streaming.Sum{}
	err := each(stream.Recv, func(part *streaming.Part) error {
		sum.Sum += part.Add
		sum.Num++
		return nil
	})
	return sum, err
}

// DivideStream leaves the ends empty where there are more than two parts; the last part that is not takes the rest.
func (streamingService) DivideStream(_ context.Context, request *streaming.Sum, stream streaming.Streaming_DivideStreamServer) error {
	if request.Num < 0 || request.Num == 0 && request.Sum != 0 {
		return status.Errorf(codes.InvalidArgument, "%d parts cannot total %d", request.Num, request.Sum)
	}
	first, last := int32(0), request.Num-1
	if request.Num > 2 {
		first, last = 1, request.Num-2
	}
	rest := request.Sum
	for i := int32(0); i < request.Num; i++ {
		part := &streaming.Part{}
		if i >= first && i <= last {
			part.Add = rest / (last - i + 1)
			rest -= part.Add
		}
		if err := stream.Send(part); err != nil {
			return err
		}
	}
	return nil
}

func (streamingService) EchoNull(_ context.Context, stream streaming.Streaming_EchoNullServer) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, inTurn(stream.Recv, func() error { return nil })
}

func (streamingService) EchoNullStream(_ context.Context, stream streaming.Streaming_EchoNullStreamServer) error {
	return inTurn(stream.Recv, func() error {
		for i := 0; i < nullAnswers; i++ {
			if err := stream.Send(&emptypb.Empty{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (streamingService) EmptyPayloadStream(_ context.Context, _ *emptypb.Empty, stream streaming.Streaming_EmptyPayloadStreamServer) error {
	for seq := uint32(1); seq <= 2; seq++ {
		if err := stream.Send(&streaming.EchoPayload{Seq: seq}); err != nil {
			return err
		}
	}
	return nil
}

// inTurn handles messages that are numbered from 0 and refuses others.
func inTurn(receive func() (*streaming.EchoPayload, error), handle func() error) error {
	expected := uint32(0)
	return each(receive, func(message *streaming.EchoPayload) error {
		if message.Seq != expected || message.Msg != nonEmpty {
			return status.Errorf(codes.InvalidArgument, "message %d %q instead of %d %q", message.Seq, message.Msg, expected, nonEmpty)
		}
		expected++
		return handle()
	})
}

// each handles every message until the client's end.
func each[M any](receive func() (M, error), handle func(M) error) error {
	for {
		message, err := receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := handle(message); err != nil {
			return err
		}
	}
}
