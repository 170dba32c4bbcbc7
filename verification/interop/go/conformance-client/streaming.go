package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	streaming "ttrpc.dev/gen/ttrpc/integration/streaming"
)

// streamingCases call the service of Go's own integration test, which our server has beside Conformance.
var streamingCases = []testCase{
	{"streaming-echo", "Echo brings the message back, with the next number", streamingEcho},
	{"streaming-echo-stream", "EchoStream answers each message before the next is sent, then ends", streamingEchoStream},
	{"streaming-sum", "SumStream totals 202 parts, the empty first and last one counted", streamingSum},
	{"streaming-divide", "DivideStream sends 30 parts that total the sum, the first and last one empty", streamingDivide},
	{"streaming-echo-null", "EchoNull answers 100 messages with the empty one", streamingEchoNull},
	{"streaming-echo-null-refused", "EchoNull refuses a message out of its turn", streamingEchoNullRefused},
	{"streaming-echo-null-stream", "EchoNullStream answers each of 100 messages with ten empty ones, then ends", streamingEchoNullStream},
	{"streaming-empty-payload", "EmptyPayloadStream answers the empty message with two", streamingEmptyPayload},
}

func init() {
	cases = append(cases, streamingCases...)
	cases = append(cases, testCase{"streaming-all-at-once", "all of these ten times at once on one connection", streamingAllAtOnce})
}

func (s *server) streaming() streaming.StreamingClient {
	return streaming.NewStreamingClient(s.raw)
}

func streamingEcho(ctx context.Context, s *server) error {
	answer, err := s.streaming().Echo(ctx, &streaming.EchoPayload{Seq: 1, Msg: "Echo Me"})
	return firstOf(err, expect("seq", answer.GetSeq(), 2), expect("msg", answer.GetMsg(), "Echo Me"))
}

func streamingEchoStream(ctx context.Context, s *server) error {
	stream, err := s.streaming().EchoStream(ctx)
	if err != nil {
		return err
	}
	for i := uint32(0); i < 100; i += 2 {
		msg := fmt.Sprintf("%d: echo this", i)
		if err := stream.Send(&streaming.EchoPayload{Seq: i, Msg: msg}); err != nil {
			return err
		}
		answer, err := stream.Recv()
		if wrong := firstOf(err, expect("seq", answer.GetSeq(), i+1), expect("msg", answer.GetMsg(), msg)); wrong != nil {
			return wrong
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	_, err = stream.Recv()
	return expect("end of the stream", err, error(io.EOF))
}

func streamingSum(ctx context.Context, s *server) error {
	stream, err := s.streaming().SumStream(ctx)
	if err != nil {
		return err
	}
	sum := int32(0)
	for i := int32(0); i < 202; i++ {
		part := &streaming.Part{}
		if i > 0 && i < 201 {
			part.Add = i - 100
		}
		sum += part.Add
		if err := stream.Send(part); err != nil {
			return err
		}
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("sum", answer.GetSum(), sum), expect("num", answer.GetNum(), 202))
}

func streamingDivide(ctx context.Context, s *server) error {
	stream, err := s.streaming().DivideStream(ctx, &streaming.Sum{Sum: 392, Num: 30})
	if err != nil {
		return err
	}
	total := int32(0)
	for i := 0; i < 30; i++ {
		part, err := stream.Recv()
		if err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
		if empty := i == 0 || i == 29; empty {
			if wrong := expect("size of the part at an end", proto.Size(part), 0); wrong != nil {
				return wrong
			}
		}
		total += part.Add
	}
	_, err = stream.Recv()
	return firstOf(expect("end of the stream", err, error(io.EOF)), expect("sum of all parts", total, 392))
}

func streamingEchoNull(ctx context.Context, s *server) error {
	stream, err := s.streaming().EchoNull(ctx)
	if err != nil {
		return err
	}
	for i := uint32(0); i < 100; i++ {
		if err := stream.Send(nullMessage(i)); err != nil {
			return err
		}
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("size of the answer", proto.Size(answer), 0))
}

func streamingEchoNullRefused(ctx context.Context, s *server) error {
	stream, err := s.streaming().EchoNull(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nullMessage(1)); err != nil {
		return err
	}
	_, err = stream.CloseAndRecv()
	return firstOf(expectCode(err, codes.InvalidArgument), stillUsable(ctx, s))
}

// streamingEchoNullStream reads beside its writing: of a stream of which more than 64 messages wait for a second Go's client gives up.
func streamingEchoNullStream(ctx context.Context, s *server) error {
	stream, err := s.streaming().EchoNullStream(ctx)
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for i := uint32(0); i < 100; i++ {
			if err := stream.Send(nullMessage(i)); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	received := 0
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong := firstOf(err, expect("size of the message", proto.Size(message), 0)); wrong != nil {
			return wrong
		}
		received++
	}
	return firstOf(<-sent, expect("messages", received, 1_000))
}

func nullMessage(seq uint32) *streaming.EchoPayload {
	return &streaming.EchoPayload{Seq: seq, Msg: "non-empty empty"}
}

func streamingEmptyPayload(ctx context.Context, s *server) error {
	stream, err := s.streaming().EmptyPayloadStream(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	for seq := uint32(1); seq <= 2; seq++ {
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("seq", message.GetSeq(), seq)); wrong != nil {
			return wrong
		}
	}
	_, err = stream.Recv()
	return expect("end of the stream", err, error(io.EOF))
}

func streamingAllAtOnce(ctx context.Context, s *server) error {
	const times = 10
	failures := make(chan error, times*len(streamingCases))
	var running sync.WaitGroup
	for _, each := range streamingCases {
		for i := 0; i < times; i++ {
			running.Add(1)
			go func() {
				defer running.Done()
				if err := each.run(ctx, s); err != nil {
					failures <- fmt.Errorf("%s: %w", each.name, err)
				}
			}()
		}
	}
	running.Wait()
	close(failures)
	return <-failures
}
