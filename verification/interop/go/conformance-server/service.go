package main

import (
	"context"
	"errors"
	"io"
	"sort"
	"sync/atomic"
	"time"

	"github.com/containerd/ttrpc"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
)

const serviceName = "ttrpc.conformance.v1.Conformance"

// service serves the comments of conformance.proto.
type service struct {
	hangsStarted   atomic.Int32
	hangsCancelled atomic.Int32
}

func (s *service) Unary(ctx context.Context, request *conformance.UnaryRequest) (*conformance.UnaryResponse, error) {
	plan := begin(request.Plan)
	if plan.ends() {
		return nil, plan.failure()
	}
	payload := request.Payload
	if request.ResponseSize != 0 {
		payload = make([]byte, request.ResponseSize)
	}
	return &conformance.UnaryResponse{Payload: payload, Call: callInfo(ctx, "Unary")}, nil
}

func (s *service) Nothing(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (s *service) Upload(ctx context.Context, stream conformance.Conformance_UploadServer) (*conformance.UploadResponse, error) {
	plan := planned{}
	answer := &conformance.UploadResponse{Call: callInfo(ctx, "Upload")}
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return answer, nil
		}
		if err != nil {
			return nil, err
		}
		if answer.Messages == 0 {
			plan = begin(request.Plan)
			if plan.endsAfter(0) {
				return nil, plan.failure()
			}
		}
		answer.Messages++
		answer.Bytes += int64(len(request.Payload))
		if plan.endsAfter(answer.Messages) {
			if plan.ends() {
				return nil, plan.failure()
			}
			return answer, nil
		}
	}
}

func (s *service) Download(_ context.Context, request *conformance.DownloadRequest, stream conformance.Conformance_DownloadServer) error {
	plan := begin(request.Plan)
	for number := int32(0); ; number++ {
		if plan.endsAfter(int64(number)) {
			return plan.failure()
		}
		if number >= request.Count {
			return nil
		}
		sleep(request.DelayMillis)
		if err := stream.Send(&conformance.DownloadResponse{Number: number, Payload: make([]byte, request.Size)}); err != nil {
			return err
		}
	}
}

func (s *service) Chat(_ context.Context, stream conformance.Conformance_ChatServer) error {
	plan := planned{}
	for handled := int64(0); ; {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if handled == 0 {
			plan = begin(message.Plan)
			if plan.endsAfter(0) {
				return plan.failure()
			}
		}
		if err := stream.Send(message); err != nil {
			return err
		}
		handled++
		if plan.endsAfter(handled) {
			return plan.failure()
		}
	}
}

func (s *service) Hang(ctx context.Context, request *conformance.HangRequest) (*emptypb.Empty, error) {
	s.hangsStarted.Add(1)
	var enough <-chan time.Time
	if request.MaxMillis > 0 {
		enough = time.After(time.Duration(request.MaxMillis) * time.Millisecond)
	}
	select {
	case <-ctx.Done():
		s.hangsCancelled.Add(1)
		return nil, ctx.Err()
	case <-enough:
		return &emptypb.Empty{}, nil
	}
}

func (s *service) HangCount(context.Context, *emptypb.Empty) (*conformance.HangCountResponse, error) {
	return &conformance.HangCountResponse{Started: s.hangsStarted.Load(), Cancelled: s.hangsCancelled.Load()}, nil
}

// planned is a Plan whose delay has passed. The zero value plans nothing.
type planned struct {
	*conformance.Plan
}

func begin(plan *conformance.Plan) planned {
	if plan == nil {
		return planned{}
	}
	sleep(plan.DelayMillis)
	return planned{plan}
}

// ends tells whether the plan names an end other than a good one.
func (p planned) ends() bool {
	return p.Plan != nil && (p.StatusCode != 0 || p.ThrowMessage != "" || p.ReturnNothing)
}

// endsAfter tells whether the plan ends a stream once so many messages were handled.
func (p planned) endsAfter(messages int64) bool {
	return p.Plan != nil && messages == int64(p.AfterMessages) && (messages > 0 || p.ends())
}

// failure is what the plan ends the call with, nil where it returns nothing or ends a stream well. Go has no exceptions: throwing is a plain error.
func (p planned) failure() error {
	switch {
	case p.StatusCode != 0:
		return status.ErrorProto(&spb.Status{Code: p.StatusCode, Message: p.StatusMessage, Details: p.StatusDetails})
	case p.ThrowMessage != "":
		return errors.New(p.ThrowMessage)
	}
	return nil
}

func sleep(millis int32) {
	if millis > 0 {
		time.Sleep(time.Duration(millis) * time.Millisecond)
	}
}

// callInfo tells what Go's handlers can see of a call. They see neither the peer nor in which order the keys of the metadata came.
func callInfo(ctx context.Context, method string) *conformance.CallInfo {
	info := &conformance.CallInfo{Service: serviceName, Method: method}
	if deadline, ok := ctx.Deadline(); ok {
		info.RemainingNanos = time.Until(deadline).Nanoseconds()
	}
	metadata, _ := ttrpc.GetMetadata(ctx)
	keys := make([]string, 0, len(metadata))
	for key := range metadata {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		for _, value := range metadata[key] {
			info.Metadata = append(info.Metadata, &conformance.Pair{Key: key, Value: value})
		}
	}
	return info
}
