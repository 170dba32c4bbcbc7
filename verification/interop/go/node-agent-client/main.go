// Command node-agent-client calls the sample application by Go's ttrpc: each of its methods once, one line a method.
// Exit code 0 when all answers make sense, 1 when one does not, 2 for a wrong command line.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/protobuf/types/known/durationpb"
	agent "ttrpc.dev/gen/dev/ttrpc/sample/v1"
	"ttrpc.dev/internal/peer"
)

const (
	timeout   = 30 * time.Second
	samples   = 3
	chunkSize = 1000
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: node-agent-client ADDRESS | --version")
		os.Exit(2)
	}
	if os.Args[1] == "--version" {
		fmt.Println(peer.Versions())
		return
	}
	if err := callAll(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "node-agent-client:", err)
		os.Exit(1)
	}
}

func callAll(address string) error {
	network, target, err := peer.Network(address)
	if err != nil {
		return err
	}
	connection, err := net.DialTimeout(network, target, timeout)
	if err != nil {
		return err
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	node := agent.NewNodeAgentClient(client)
	for _, method := range []struct {
		name string
		call func(context.Context, agent.NodeAgentClient) (string, error)
	}{{"Describe", describe}, {"Watch", watch}, {"Ingest", ingest}, {"Find", find}} {
		answer, err := method.call(ctx, node)
		if err != nil {
			return fmt.Errorf("%s: %w", method.name, err)
		}
		fmt.Printf("%s: %s\n", method.name, answer)
	}
	return nil
}

func describe(ctx context.Context, node agent.NodeAgentClient) (string, error) {
	answer, err := node.Describe(ctx, &agent.DescribeRequest{})
	if err != nil {
		return "", err
	}
	host, err := os.Hostname()
	if err != nil {
		return "", err
	}
	if answer.HostName != host || answer.LogicalCores == 0 || answer.MemoryTotalBytes == 0 || answer.Uptime.AsDuration() <= 0 {
		return "", fmt.Errorf("this machine is %s, not %v", host, answer)
	}
	return fmt.Sprintf("%s, %s, %s, %d cores, %d MiB", answer.HostName, answer.OperatingSystem, answer.Architecture,
		answer.LogicalCores, answer.MemoryTotalBytes>>20), nil
}

func watch(ctx context.Context, node agent.NodeAgentClient) (string, error) {
	stream, err := node.Watch(ctx, &agent.WatchRequest{Interval: durationpb.New(100 * time.Millisecond), Count: samples})
	if err != nil {
		return "", err
	}
	var last time.Time
	for i := 0; i < samples; i++ {
		sample, err := stream.Recv()
		if err != nil {
			return "", fmt.Errorf("sample %d: %w", i, err)
		}
		if taken := sample.Time.AsTime(); !taken.After(last) || sample.CpuLoad < 0 || sample.CpuLoad > 1 || sample.MemoryUsedBytes == 0 {
			return "", fmt.Errorf("sample %d makes no sense: %v", i, sample)
		}
		last = sample.Time.AsTime()
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("no end after %d samples: %w", samples, err)
	}
	return fmt.Sprintf("%d samples", samples), nil
}

func ingest(ctx context.Context, node agent.NodeAgentClient) (string, error) {
	file := bytes.Repeat([]byte("a line of a file\n"), 10_000)
	stream, err := node.Ingest(ctx)
	if err != nil {
		return "", err
	}
	chunks := uint64(0)
	for rest := file; len(rest) > 0; chunks++ {
		size := min(chunkSize, len(rest))
		if err := stream.Send(&agent.FileChunk{Content: rest[:size]}); err != nil {
			return "", err
		}
		rest = rest[size:]
	}
	answer, err := stream.CloseAndRecv()
	if err != nil {
		return "", err
	}
	if digest := sha256.Sum256(file); answer.Chunks != chunks || answer.Bytes != uint64(len(file)) || !bytes.Equal(answer.Sha256, digest[:]) {
		return "", fmt.Errorf("sent were %d chunks with %d bytes and digest %x, not %v", chunks, len(file), digest, answer)
	}
	return fmt.Sprintf("%d bytes in %d chunks, SHA-256 %x", answer.Bytes, answer.Chunks, answer.Sha256), nil
}

func find(ctx context.Context, node agent.NodeAgentClient) (string, error) {
	stream, err := node.Find(ctx)
	if err != nil {
		return "", err
	}
	queries := []string{"java", "no process has this name", ""}
	for _, query := range queries {
		if err := stream.Send(&agent.ProcessQuery{NameContains: query, Limit: 5}); err != nil {
			return "", err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return "", err
	}
	text := ""
	for _, query := range queries {
		matches, err := stream.Recv()
		if err != nil {
			return "", err
		}
		if matches.NameContains != query || int(matches.Found) < len(matches.Processes) || len(matches.Processes) > 5 {
			return "", fmt.Errorf("the answer to %q is %v", query, matches)
		}
		if expected := query != queries[1]; (matches.Found > 0) != expected {
			return "", fmt.Errorf("%d processes are named %q", matches.Found, query)
		}
		text += fmt.Sprintf("%d named %q, ", matches.Found, query)
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("no end after the last answer: %w", err)
	}
	return text + "in order", nil
}
