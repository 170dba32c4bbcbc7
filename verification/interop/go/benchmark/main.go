// Command benchmark is Go's ttrpc as it is measured: it serves the benchmark's service, or calls it as the lines of standard input say.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/containerd/ttrpc"
	benchmark "ttrpc.dev/gen/ttrpc/benchmark/v1"
	"ttrpc.dev/internal/peer"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "--version":
		fmt.Println(peer.Versions())
		return nil
	case len(arguments) == 1 && arguments[0] == "call":
		return obey(os.Stdin)
	case len(arguments) == 2 && arguments[0] == "serve":
		return serve(arguments[1])
	}
	return errors.New("usage: benchmark serve ADDRESS | call | --version")
}

// serve returns only where it fails: whoever started the process ends it.
func serve(address string) error {
	network, target, err := peer.Network(address)
	if err != nil {
		return err
	}
	listener, err := net.Listen(network, target)
	if err != nil {
		return err
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	benchmark.RegisterBenchmarkService(server, service{})
	fmt.Println("serving", peer.Name(address, listener))
	return server.Serve(context.Background(), listener)
}

type service struct{}

func (service) Echo(_ context.Context, request *benchmark.EchoMessage) (*benchmark.EchoMessage, error) {
	return &benchmark.EchoMessage{Payload: request.Payload}, nil
}

func (service) Download(_ context.Context, request *benchmark.DownloadRequest, stream benchmark.Benchmark_DownloadServer) error {
	message := &benchmark.EchoMessage{Payload: payload(int(request.Size))}
	for i := uint32(0); i < request.Count; i++ {
		if err := stream.Send(message); err != nil {
			return err
		}
	}
	return nil
}

func (service) Upload(_ context.Context, stream benchmark.Benchmark_UploadServer) (*benchmark.UploadResponse, error) {
	answer := &benchmark.UploadResponse{}
	for {
		_, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return answer, nil
		}
		if err != nil {
			return nil, err
		}
		answer.Messages++
	}
}

func (service) Chat(_ context.Context, stream benchmark.Benchmark_ChatServer) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(message); err != nil {
			return err
		}
	}
}
