package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
)

const maxMessageSize = 4 << 20

type testCase struct {
	name    string
	meaning string
	run     func(context.Context, *server) error
}

var cases = []testCase{
	{"unary-echo", "a unary call brings its payload back, and what the handler saw of it", unaryEcho},
	{"unary-empty", "the empty message in both directions", unaryEmpty},
	{"unary-large", "1 MiB there and back", unaryLarge},
	{"metadata-values", "several values of one key arrive in their order", metadataValues},
	{"metadata-empty-value", "an empty value arrives", metadataEmptyValue},
	{"deadline-arrives", "the handler sees how much time is left", deadlineArrives},
	{"deadline-farthest", "the farthest deadline there is overflows nothing", deadlineFarthest},
	{"deadline-passes", "a deadline ends the call and cancels the handler", deadlinePasses},
	{"deadline-expired", "a call that is sent when its deadline has passed ends so", deadlineExpired},
	{"error-details", "code, text and details of a status", errorDetails},
	{"error-exception", "what a handler throws is UNKNOWN", errorException},
	{"error-null", "a handler that returns null is UNKNOWN", errorNull},
	{"error-unknown-service", "UNIMPLEMENTED names the service", errorUnknownService},
	{"error-unknown-method", "UNIMPLEMENTED names the method", errorUnknownMethod},
	{"upload", "messages are counted and answered after the end", upload},
	{"upload-nothing", "an upload without a message", uploadNothing},
	{"upload-empty-messages", "empty messages count", uploadEmptyMessages},
	{"upload-early-answer", "an answer before the client's end", uploadEarlyAnswer},
	{"upload-error", "a status ends an upload", uploadError},
	{"download", "messages come in order, then the end", download},
	{"download-nothing", "a download without a message", downloadNothing},
	{"download-error-after-data", "the data, then the status with details", downloadErrorAfterData},
	{"chat", "each message comes back before the next is sent", chat},
	{"chat-burst", "many messages under way at once keep their order", chatBurst},
	{"chat-empty-messages", "empty messages come back", chatEmptyMessages},
	{"chat-half-close", "the server goes on after the client's end", chatHalfClose},
	{"chat-early-end", "the server ends first", chatEarlyEnd},
	{"chat-error-after-data", "the data, then the status", chatErrorAfterData},
	{"limit-request-exact", "a request of exactly the limit passes", limitRequestExact},
	{"limit-request-over", "one byte more is refused, the connection stays", limitRequestOver},
	{"limit-upload-exact", "a stream message of exactly the limit passes", limitUploadExact},
	{"limit-answer-exact", "an answer of exactly the limit passes", limitAnswerExact},
	{"limit-answer-over", "one byte more fails that call alone (Go's server closes the connection)", limitAnswerOver},
	{"limit-download-exact", "a stream message of exactly the limit comes", limitDownloadExact},
	{"limit-download-over", "one byte more fails that stream alone (Go's server closes the connection)", limitDownloadOver},
	{"cancel-by-disconnect", "a lost connection cancels the handler", cancelByDisconnect},
	{"cancel-leaves-connection", "a call given up leaves the connection usable", cancelLeavesConnection},
	{"slow-beside-fast", "a call that waits holds up no other", slowBesideFast},
	{"concurrent-unary", "1,000 calls at once, each with its own answer", concurrentUnary},
	{"concurrent-chat", "200 chats at once", concurrentChat},
}

func unaryEcho(ctx context.Context, s *server) error {
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{Payload: []byte("echo")})
	if err != nil {
		return err
	}
	call := answer.GetCall()
	return firstOf(
		expect("payload", string(answer.Payload), "echo"),
		expect("service", call.GetService(), "ttrpc.conformance.v1.Conformance"),
		expect("method", call.GetMethod(), "Unary"),
		expect("remaining nanos", call.GetRemainingNanos(), 0),
		expect("metadata", len(call.GetMetadata()), 0))
}

func unaryEmpty(ctx context.Context, s *server) error {
	if _, err := s.Nothing(ctx, &emptypb.Empty{}); err != nil {
		return err
	}
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{})
	return firstOf(err, expect("payload", len(answer.GetPayload()), 0))
}

func unaryLarge(ctx context.Context, s *server) error {
	payload := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{Payload: payload})
	return firstOf(err, expect("same payload", bytes.Equal(answer.GetPayload(), payload), true))
}

func metadataValues(ctx context.Context, s *server) error {
	sent := ttrpc.MD{}
	sent.Append("Trace", "one", "two", "three")
	sent.Set("other", "ä value with blanks")
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, sent), &conformance.UnaryRequest{})
	return firstOf(err,
		expect("values of trace", strings.Join(valuesOf(answer, "trace"), ","), "one,two,three"),
		expect("values of other", strings.Join(valuesOf(answer, "other"), ","), "ä value with blanks"))
}

func metadataEmptyValue(ctx context.Context, s *server) error {
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, ttrpc.MD{"empty": {"", "x", ""}}), &conformance.UnaryRequest{})
	return firstOf(err, expect("values", strings.Join(valuesOf(answer, "empty"), "|"), "|x|"))
}

func valuesOf(answer *conformance.UnaryResponse, key string) []string {
	var values []string
	for _, pair := range answer.GetCall().GetMetadata() {
		if pair.Key == key {
			values = append(values, pair.Value)
		}
	}
	return values
}

func deadlineArrives(ctx context.Context, s *server) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{})
	remaining := time.Duration(answer.GetCall().GetRemainingNanos())
	return firstOf(err, expect("at most a minute is left, more than half of it", remaining > 30*time.Second && remaining <= time.Minute, true))
}

func deadlineFarthest(ctx context.Context, s *server) error {
	ctx, cancel := context.WithTimeout(ctx, math.MaxInt64)
	defer cancel()
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{})
	return firstOf(err, expect("more than 100 years are left", answer.GetCall().GetRemainingNanos() > int64(100*365*24*time.Hour), true))
}

func deadlinePasses(ctx context.Context, s *server) error {
	before, err := s.HangCount(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err = s.Hang(short, &conformance.HangRequest{MaxMillis: 15_000})
	if err := expectDeadline(err); err != nil {
		return err
	}
	return s.awaitCancelled(ctx, before.Cancelled+1)
}

func deadlineExpired(ctx context.Context, s *server) error {
	expired, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer cancel()
	_, err := s.Unary(expired, &conformance.UnaryRequest{})
	return firstOf(expectDeadline(err), stillUsable(ctx, s))
}

// expectDeadline takes both: the client's own clock and the server's answer race.
func expectDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return expectStatus(err, codes.DeadlineExceeded, "context deadline exceeded")
}

func errorDetails(ctx context.Context, s *server) error {
	first, err := anypb.New(&conformance.Pair{Key: "k", Value: "v"})
	if err != nil {
		return err
	}
	second := &anypb.Any{TypeUrl: "no.slash.Type", Value: []byte{1, 2, 3}}
	_, err = s.Unary(ctx, &conformance.UnaryRequest{Plan: &conformance.Plan{
		StatusCode: int32(codes.FailedPrecondition), StatusMessage: "nicht möglich", StatusDetails: []*anypb.Any{first, second}}})
	if wrong := expectStatus(err, codes.FailedPrecondition, "nicht möglich"); wrong != nil {
		return wrong
	}
	details := status.Convert(err).Proto().GetDetails()
	if wrong := expect("details", len(details), 2); wrong != nil {
		return wrong
	}
	return firstOf(
		expect("first detail is the same", proto.Equal(details[0], first), true),
		expect("second detail is the same", proto.Equal(details[1], second), true),
		stillUsable(ctx, s))
}

func errorException(ctx context.Context, s *server) error {
	_, err := s.Unary(ctx, &conformance.UnaryRequest{Plan: &conformance.Plan{ThrowMessage: "thrown"}})
	return firstOf(expectCode(err, codes.Unknown), stillUsable(ctx, s))
}

func errorNull(ctx context.Context, s *server) error {
	_, err := s.Unary(ctx, &conformance.UnaryRequest{Plan: &conformance.Plan{ReturnNothing: true}})
	return firstOf(expectStatus(err, codes.Unknown, "ttrpc: marshal called with nil"), stillUsable(ctx, s))
}

func errorUnknownService(ctx context.Context, s *server) error {
	err := s.raw.Call(ctx, "no.such.Service", "Unary", &emptypb.Empty{}, &emptypb.Empty{})
	return firstOf(expectStatus(err, codes.Unimplemented, "service no.such.Service"), stillUsable(ctx, s))
}

func errorUnknownMethod(ctx context.Context, s *server) error {
	err := s.raw.Call(ctx, "ttrpc.conformance.v1.Conformance", "NoSuchMethod", &emptypb.Empty{}, &emptypb.Empty{})
	return firstOf(expectStatus(err, codes.Unimplemented, "method NoSuchMethod"), stillUsable(ctx, s))
}

func upload(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < 100; i++ {
		if err := stream.Send(&conformance.UploadRequest{Payload: make([]byte, i)}); err != nil {
			return err
		}
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("messages", answer.GetMessages(), 100), expect("bytes", answer.GetBytes(), 4950))
}

func uploadNothing(ctx context.Context, s *server) error {
	return uploadAndCount(ctx, s, 0)
}

func uploadEmptyMessages(ctx context.Context, s *server) error {
	return uploadAndCount(ctx, s, 3)
}

func uploadAndCount(ctx context.Context, s *server, messages int) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < messages; i++ {
		if err := stream.Send(&conformance.UploadRequest{}); err != nil {
			return err
		}
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("messages", answer.GetMessages(), int64(messages)), expect("bytes", answer.GetBytes(), 0))
}

func uploadEarlyAnswer(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&conformance.UploadRequest{Payload: []byte("x"), Plan: &conformance.Plan{AfterMessages: 1}}); err != nil {
		return err
	}
	answer := &conformance.UploadResponse{}
	if err := stream.RecvMsg(answer); err != nil {
		return err
	}
	return firstOf(expect("messages", answer.Messages, 1), expect("bytes", answer.Bytes, 1), stillUsable(ctx, s))
}

func uploadError(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	plan := &conformance.Plan{StatusCode: int32(codes.Aborted), StatusMessage: "enough", AfterMessages: 2}
	for i := 0; i < 2; i++ {
		if err := stream.Send(&conformance.UploadRequest{Plan: plan}); err != nil {
			return err
		}
	}
	err = stream.RecvMsg(&conformance.UploadResponse{})
	return firstOf(expectStatus(err, codes.Aborted, "enough"), stillUsable(ctx, s))
}

func download(ctx context.Context, s *server) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 100, Size: 1000})
	if err != nil {
		return err
	}
	return firstOf(expectNumbers(stream, 0, 100, 1000), expectEnd(stream))
}

func downloadNothing(ctx context.Context, s *server) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{})
	if err != nil {
		return err
	}
	return expectEnd(stream)
}

func downloadErrorAfterData(ctx context.Context, s *server) error {
	detail, err := anypb.New(&conformance.Pair{Key: "after", Value: "data"})
	if err != nil {
		return err
	}
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 10, Plan: &conformance.Plan{
		StatusCode: int32(codes.DataLoss), StatusMessage: "lost", StatusDetails: []*anypb.Any{detail}, AfterMessages: 3}})
	if err != nil {
		return err
	}
	if err := expectNumbers(stream, 0, 3, 0); err != nil {
		return err
	}
	_, err = stream.Recv()
	return firstOf(
		expectStatus(err, codes.DataLoss, "lost"),
		expect("details", len(status.Convert(err).Proto().GetDetails()), 1),
		stillUsable(ctx, s))
}

func expectNumbers(stream conformance.Conformance_DownloadClient, from, to int32, size int) error {
	for number := from; number < to; number++ {
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("number", message.GetNumber(), number), expect("size", len(message.GetPayload()), size)); wrong != nil {
			return wrong
		}
	}
	return nil
}

func expectEnd(stream conformance.Conformance_DownloadClient) error {
	_, err := stream.Recv()
	return expect("end of the stream", err, error(io.EOF))
}

func chat(ctx context.Context, s *server) error {
	return chatInTurns(ctx, s, 50)
}

func chatInTurns(ctx context.Context, s *server, turns int) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < turns; i++ {
		if err := stream.Send(&conformance.ChatMessage{Number: int32(i), Payload: []byte{byte(i)}}); err != nil {
			return err
		}
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("number", message.GetNumber(), int32(i)), expect("payload", len(message.GetPayload()), 1)); wrong != nil {
			return wrong
		}
	}
	return endChat(stream)
}

func endChat(stream conformance.Conformance_ChatClient) error {
	if err := stream.CloseSend(); err != nil {
		return err
	}
	_, err := stream.Recv()
	return expect("end of the stream", err, error(io.EOF))
}

// chatBurst reads beside its writing: Go's client gives up a stream of which more than 64 messages wait for a second.
func chatBurst(ctx context.Context, s *server) error {
	const messages = 2_000
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for i := 0; i < messages; i++ {
			if err := stream.Send(&conformance.ChatMessage{Number: int32(i)}); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	for i := 0; i < messages; i++ {
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("number", message.GetNumber(), int32(i))); wrong != nil {
			return wrong
		}
	}
	_, err = stream.Recv()
	return firstOf(<-sent, expect("end of the stream", err, error(io.EOF)))
}

func chatEmptyMessages(ctx context.Context, s *server) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < 3; i++ {
		if err := stream.Send(&conformance.ChatMessage{}); err != nil {
			return err
		}
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("size of the message", proto.Size(message), 0)); wrong != nil {
			return wrong
		}
	}
	return endChat(stream)
}

func chatHalfClose(ctx context.Context, s *server) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < 20; i++ {
		if err := stream.Send(&conformance.ChatMessage{Number: int32(i), Plan: &conformance.Plan{DelayMillis: 100}}); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for i := 0; i < 20; i++ {
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("number", message.GetNumber(), int32(i))); wrong != nil {
			return wrong
		}
	}
	_, err = stream.Recv()
	return expect("end of the stream", err, error(io.EOF))
}

func chatEarlyEnd(ctx context.Context, s *server) error {
	return chatEndedAfter(ctx, s, &conformance.Plan{AfterMessages: 2}, func(err error) error {
		return expect("end of the stream", err, error(io.EOF))
	})
}

func chatErrorAfterData(ctx context.Context, s *server) error {
	plan := &conformance.Plan{StatusCode: int32(codes.OutOfRange), StatusMessage: "beyond", AfterMessages: 2}
	return chatEndedAfter(ctx, s, plan, func(err error) error { return expectStatus(err, codes.OutOfRange, "beyond") })
}

func chatEndedAfter(ctx context.Context, s *server, plan *conformance.Plan, end func(error) error) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	for i := int32(0); i < plan.AfterMessages; i++ {
		if err := stream.Send(&conformance.ChatMessage{Number: i, Plan: plan}); err != nil {
			return err
		}
		message, err := stream.Recv()
		if wrong := firstOf(err, expect("number", message.GetNumber(), i)); wrong != nil {
			return wrong
		}
	}
	_, err = stream.Recv()
	return firstOf(end(err), stillUsable(ctx, s))
}

func limitRequestExact(ctx context.Context, s *server) error {
	answer, err := s.Unary(ctx, requestOfEnvelope(maxMessageSize))
	return firstOf(err, expect("size of the answer", len(answer.GetPayload()), 1))
}

func limitRequestOver(ctx context.Context, s *server) error {
	_, err := s.Unary(ctx, requestOfEnvelope(maxMessageSize+1))
	return firstOf(expectOversize(err), stillUsable(ctx, s))
}

// requestOfEnvelope is a request of Unary whose whole envelope has so many bytes. It asks for one byte back.
func requestOfEnvelope(size int) *conformance.UnaryRequest {
	request := &conformance.UnaryRequest{ResponseSize: 1}
	envelope := func() int {
		payload, _ := proto.Marshal(request)
		return proto.Size(&ttrpc.Request{Service: "ttrpc.conformance.v1.Conformance", Method: "Unary", Payload: payload})
	}
	request.Payload = make([]byte, size-100)
	request.Payload = make([]byte, size-100+size-envelope())
	return request
}

func limitUploadExact(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	message := &conformance.UploadRequest{Payload: make([]byte, maxMessageSize-5)}
	if wrong := expect("size of the message", proto.Size(message), maxMessageSize); wrong != nil {
		return wrong
	}
	if err := stream.Send(message); err != nil {
		return err
	}
	answer, err := stream.CloseAndRecv()
	return firstOf(err, expect("messages", answer.GetMessages(), 1), expect("bytes", answer.GetBytes(), maxMessageSize-5))
}

func limitAnswerExact(ctx context.Context, s *server) error {
	size, err := answerOfEnvelope(ctx, s, maxMessageSize)
	if err != nil {
		return err
	}
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{ResponseSize: size})
	return firstOf(err, expect("size of the payload", len(answer.GetPayload()), int(size)))
}

func limitAnswerOver(ctx context.Context, s *server) error {
	size, err := answerOfEnvelope(ctx, s, maxMessageSize+1)
	if err != nil {
		return err
	}
	_, err = s.Unary(ctx, &conformance.UnaryRequest{ResponseSize: size})
	return firstOf(expectOversize(err), stillUsable(ctx, s))
}

// answerOfEnvelope is the payload with which the whole envelope of an answer has so many bytes. What else the answer carries, the
// server is asked for.
func answerOfEnvelope(ctx context.Context, s *server, size int) (int32, error) {
	const guess = 4_000_000
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{ResponseSize: guess})
	if err != nil {
		return 0, err
	}
	payload, err := proto.Marshal(answer)
	if err != nil {
		return 0, err
	}
	return int32(guess + size - proto.Size(&ttrpc.Response{Payload: payload})), nil
}

func limitDownloadExact(ctx context.Context, s *server) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 1, Size: maxMessageSize - 5})
	if err != nil {
		return err
	}
	message, err := stream.Recv()
	return firstOf(err, expect("size of the message", proto.Size(message), maxMessageSize), expectEnd(stream))
}

func limitDownloadOver(ctx context.Context, s *server) error {
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: 1, Size: maxMessageSize - 4})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return firstOf(expectOversize(err), stillUsable(ctx, s))
}

// expectOversize looks at the end of the text only: what Go's client refuses itself has its own words before it.
func expectOversize(err error) error {
	text := fmt.Sprintf("message length %d exceed maximum message size of %d", maxMessageSize+1, maxMessageSize)
	return firstOf(
		expectCode(err, codes.ResourceExhausted),
		expect("status text ends so", strings.HasSuffix(status.Convert(err).Message(), text), true))
}

func cancelByDisconnect(ctx context.Context, s *server) error {
	before, err := s.HangCount(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	second, err := dial(s.address)
	if err != nil {
		return err
	}
	hung := make(chan error, 1)
	go func() {
		_, err := second.Hang(ctx, &conformance.HangRequest{MaxMillis: 15_000})
		hung <- err
	}()
	if err := s.awaitHangs(ctx, func(count *conformance.HangCountResponse) bool { return count.Started > before.Started }); err != nil {
		return err
	}
	second.close()
	if wrong := expect("error of the lost call", <-hung, ttrpc.ErrClosed); wrong != nil {
		return wrong
	}
	return s.awaitCancelled(ctx, before.Cancelled+1)
}

func cancelLeavesConnection(ctx context.Context, s *server) error {
	for i := 0; i < 100; i++ {
		short, cancel := context.WithCancel(ctx)
		cancel()
		_, err := s.Unary(short, &conformance.UnaryRequest{Payload: []byte("nobody waits")})
		if err != nil && !errors.Is(err, context.Canceled) {
			return fmt.Errorf("a call given up: %w", err)
		}
	}
	return stillUsable(ctx, s)
}

// slowBesideFast does not wait for the slow call: it ends with the connection.
func slowBesideFast(ctx context.Context, s *server) error {
	slow := make(chan error, 1)
	go func() {
		_, err := s.Unary(ctx, &conformance.UnaryRequest{Plan: &conformance.Plan{DelayMillis: 3_000}})
		slow <- err
	}()
	for i := 0; i < 20; i++ {
		if err := stillUsable(ctx, s); err != nil {
			return err
		}
	}
	select {
	case err := <-slow:
		return fmt.Errorf("a call of 3 s ended before 20 fast ones: %v", err)
	default:
		return nil
	}
}

func concurrentUnary(ctx context.Context, s *server) error {
	return atOnce(1_000, func(i int) error {
		payload := fmt.Sprintf("call %d", i)
		answer, err := s.Unary(ctx, &conformance.UnaryRequest{Payload: []byte(payload)})
		return firstOf(err, expect("payload", string(answer.GetPayload()), payload))
	})
}

func concurrentChat(ctx context.Context, s *server) error {
	return atOnce(200, func(int) error { return chatInTurns(ctx, s, 10) })
}

func atOnce(count int, work func(int) error) error {
	failures := make(chan error, count)
	var running sync.WaitGroup
	for i := 0; i < count; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			failures <- work(i)
		}()
	}
	running.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) awaitCancelled(ctx context.Context, cancelled int32) error {
	return s.awaitHangs(ctx, func(count *conformance.HangCountResponse) bool { return count.Cancelled >= cancelled })
}

func (s *server) awaitHangs(ctx context.Context, reached func(*conformance.HangCountResponse) bool) error {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		count, err := s.HangCount(ctx, &emptypb.Empty{})
		if err != nil {
			return err
		}
		if reached(count) {
			return nil
		}
	}
	return errors.New("the server's handler was not seen to start or to be cancelled within 10s")
}

func stillUsable(ctx context.Context, s *server) error {
	answer, err := s.Unary(ctx, &conformance.UnaryRequest{Payload: []byte("still there")})
	if err != nil {
		return fmt.Errorf("the connection afterwards: %w", err)
	}
	return expect("payload afterwards", string(answer.Payload), "still there")
}

func expectCode(err error, code codes.Code) error {
	return expect("status code", status.Code(err), code)
}

func expectStatus(err error, code codes.Code, message string) error {
	if err == nil {
		return fmt.Errorf("the call succeeded instead of ending with %v", code)
	}
	if wrong := expectCode(err, code); wrong != nil {
		return fmt.Errorf("%w (%v)", wrong, err)
	}
	return expect("status text", status.Convert(err).Message(), message)
}

func expect[T comparable](what string, actual, expected T) error {
	if actual != expected {
		return fmt.Errorf("%s is %v, not %v", what, actual, expected)
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
