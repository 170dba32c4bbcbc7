package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
)

// lastingCases are metadata, deadlines, limits, slow readers, calls given up and lost connections, as far as cases has them not.
var lastingCases = []testCase{
	{"metadata-case", "a key in mixed case arrives with its values", metadataCase},
	{"metadata-many", "100 keys arrive, each with its values in order", metadataMany},
	{"metadata-text", "a value is any text", metadataText},
	{"metadata-large", "a value of 32 KiB", metadataLarge},
	{"deadline-streams", "a deadline ends each kind of stream, the connection stays", deadlineStreams},
	{"deadline-many", "100 deadlines at once, each handler is cancelled", deadlineMany},
	{"limit-upload-over", "a stream message of one byte more is refused, the connection stays", limitUploadOver},
	{"limit-chat-exact", "messages of exactly the limit go and come back", limitChatExact},
	{"limit-chat-over", "one byte more is refused, the connection stays", limitChatOver},
	{"slow-reader-beside-fast", "a download that is read slowly holds up no call", slowReaderBesideFast},
	{"cancel-streams", "streams given up leave the connection usable", cancelStreams},
	{"lost-calls", "a lost connection ends a call of each kind, a new one is served", lostCalls},
	{"half-frame", "a connection that ends within a frame disturbs nobody", halfFrame},
	{"concurrent-upload", "100 uploads at once", concurrentUpload},
	{"concurrent-download", "100 downloads at once", concurrentDownload},
	{"concurrent-connections", "20 connections with 20 calls each", concurrentConnections},
}

func init() { cases = append(cases, lastingCases...) }

// metadataCase sets the map itself: Append and Set would make the key lower case here already. A server may keep the key or make it so.
func metadataCase(ctx context.Context, s *server) error {
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, ttrpc.MD{"X-MiXed": {"One", "Two"}}), &conformance.UnaryRequest{})
	var values []string
	for _, pair := range answer.GetCall().GetMetadata() {
		if strings.EqualFold(pair.Key, "x-mixed") {
			values = append(values, pair.Value)
		}
	}
	return firstOf(err, expect("values of x-mixed", strings.Join(values, ","), "One,Two"))
}

func metadataMany(ctx context.Context, s *server) error {
	sent := ttrpc.MD{}
	for i := 0; i < 100; i++ {
		sent.Append(fmt.Sprintf("key-%d", i), fmt.Sprint(i), fmt.Sprint(i+1))
	}
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, sent), &conformance.UnaryRequest{})
	if wrong := firstOf(err, expect("values in all", len(answer.GetCall().GetMetadata()), 200)); wrong != nil {
		return wrong
	}
	for key, values := range sent {
		if wrong := expect("values of "+key, strings.Join(valuesOf(answer, key), ","), strings.Join(values, ",")); wrong != nil {
			return wrong
		}
	}
	return nil
}

func metadataText(ctx context.Context, s *server) error {
	const text = "grüße, 世界 🚀\n\x00"
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, ttrpc.MD{"text": {text}}), &conformance.UnaryRequest{})
	return firstOf(err, expect("value", strings.Join(valuesOf(answer, "text"), "|"), text))
}

func metadataLarge(ctx context.Context, s *server) error {
	value := strings.Repeat("v", 32<<10)
	answer, err := s.Unary(ttrpc.WithMetadata(ctx, ttrpc.MD{"large": {value}}), &conformance.UnaryRequest{})
	return firstOf(err, expect("same value", strings.Join(valuesOf(answer, "large"), "|") == value, true))
}

// deadlineStreams looks at this side only: of a stream's deadline Go's client tells the server nothing.
func deadlineStreams(ctx context.Context, s *server) error {
	short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	upload, err := s.Upload(short)
	if err != nil {
		return err
	}
	download, err := s.Download(short, &conformance.DownloadRequest{Count: 1, DelayMillis: 2_000})
	if err != nil {
		return err
	}
	chat, err := s.Chat(short)
	if err != nil {
		return err
	}
	_, downloaded := download.Recv()
	_, chatted := chat.Recv()
	return firstOf(
		expectDeadline(upload.RecvMsg(&conformance.UploadResponse{})),
		expectDeadline(downloaded),
		expectDeadline(chatted),
		stillUsable(ctx, s))
}

func deadlineMany(ctx context.Context, s *server) error {
	const calls = 100
	before, err := s.HangCount(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := atOnce(calls, func(int) error {
		_, err := s.Hang(short, &conformance.HangRequest{MaxMillis: 15_000})
		return expectDeadline(err)
	}); err != nil {
		return err
	}
	return firstOf(s.awaitHangs(ctx, func(count *conformance.HangCountResponse) bool {
		return count.Started-before.Started == count.Cancelled-before.Cancelled
	}), stillUsable(ctx, s))
}

func limitUploadOver(ctx context.Context, s *server) error {
	stream, err := s.Upload(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(&conformance.UploadRequest{Payload: make([]byte, maxMessageSize-4)})
	return firstOf(expectOversize(err), stillUsable(ctx, s))
}

func limitChatExact(ctx context.Context, s *server) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	message := &conformance.ChatMessage{Payload: make([]byte, maxMessageSize-5)}
	for i := 0; i < 3; i++ {
		if err := stream.Send(message); err != nil {
			return err
		}
		answer, err := stream.Recv()
		if wrong := firstOf(err, expect("size of the message", proto.Size(answer), maxMessageSize)); wrong != nil {
			return wrong
		}
	}
	return endChat(stream)
}

func limitChatOver(ctx context.Context, s *server) error {
	stream, err := s.Chat(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(&conformance.ChatMessage{Payload: make([]byte, maxMessageSize-4)})
	return firstOf(expectOversize(err), stillUsable(ctx, s))
}

// slowReaderBesideFast never stops reading: Go's client gives up a stream of which more than 64 messages wait for a second, and until then
// reads nothing else.
func slowReaderBesideFast(ctx context.Context, s *server) error {
	const messages = 300
	stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: messages, Size: 10_000})
	if err != nil {
		return err
	}
	read := make(chan error, 1)
	go func() {
		for i := int32(0); i < messages; i++ {
			time.Sleep(5 * time.Millisecond)
			if wrong := expectNumbers(stream, i, i+1, 10_000); wrong != nil {
				read <- fmt.Errorf("message %d: %w", i, wrong)
				return
			}
		}
		read <- expectEnd(stream)
	}()
	for calls := 0; ; calls++ {
		select {
		case err := <-read:
			return firstOf(err, expect("calls were answered beside", calls > 0, true))
		default:
			if err := stillUsable(ctx, s); err != nil {
				return err
			}
		}
	}
}

func cancelStreams(ctx context.Context, s *server) error {
	for i := 0; i < 10; i++ {
		given, cancel := context.WithCancel(ctx)
		upload, err := s.Upload(given)
		if err != nil {
			cancel()
			return err
		}
		chat, err := s.Chat(given)
		cancel()
		if err != nil {
			return err
		}
		_, chatted := chat.Recv()
		for _, err := range []error{upload.RecvMsg(&conformance.UploadResponse{}), chatted} {
			if !errors.Is(err, context.Canceled) {
				return fmt.Errorf("a stream given up ended with %v", err)
			}
		}
	}
	return stillUsable(ctx, s)
}

func lostCalls(ctx context.Context, s *server) error {
	before, err := s.HangCount(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	connection, err := s.connect()
	if err != nil {
		return err
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()
	second := &server{conformance.NewConformanceClient(client), client, s.address}
	upload, err := second.Upload(ctx)
	if err != nil {
		return err
	}
	chat, err := second.Chat(ctx)
	if err != nil {
		return err
	}
	download, err := second.Download(ctx, &conformance.DownloadRequest{Count: 1, DelayMillis: 3_000})
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
	if err := connection.Close(); err != nil {
		return err
	}
	_, chatted := chat.Recv()
	_, downloaded := download.Recv()
	return firstOf(
		expect("end of the unary call", <-hung, error(ttrpc.ErrClosed)),
		expect("end of the upload", upload.RecvMsg(&conformance.UploadResponse{}), error(ttrpc.ErrClosed)),
		expect("end of the chat", chatted, error(ttrpc.ErrClosed)),
		expect("end of the download", downloaded, error(ttrpc.ErrClosed)),
		s.awaitCancelled(ctx, before.Cancelled+1))
}

// halfFrame sends a header of a request of 100 bytes, and 3 of them.
func halfFrame(ctx context.Context, s *server) error {
	for i := 0; i < 10; i++ {
		connection, err := s.connect()
		if err != nil {
			return err
		}
		_, err = connection.Write([]byte{0, 0, 0, 100, 0, 0, 0, 1, 1, 0, 1, 2, 3})
		if wrong := firstOf(err, connection.Close()); wrong != nil {
			return wrong
		}
	}
	return stillUsable(ctx, s)
}

func concurrentUpload(ctx context.Context, s *server) error {
	return atOnce(100, func(i int) error { return uploadAndCount(ctx, s, i) })
}

func concurrentDownload(ctx context.Context, s *server) error {
	return atOnce(100, func(i int) error {
		stream, err := s.Download(ctx, &conformance.DownloadRequest{Count: int32(i), Size: int32(i)})
		if err != nil {
			return err
		}
		return firstOf(expectNumbers(stream, 0, int32(i), i), expectEnd(stream))
	})
}

func concurrentConnections(ctx context.Context, s *server) error {
	return atOnce(20, func(int) error {
		other, err := dial(s.address)
		if err != nil {
			return err
		}
		defer other.close()
		return atOnce(20, func(int) error { return stillUsable(ctx, other) })
	})
}
