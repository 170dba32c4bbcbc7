// Command conformance-server serves the Conformance service and that of Go's own test by Go's ttrpc on each address named, until SIGTERM or SIGINT.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/containerd/ttrpc"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
	streaming "ttrpc.dev/gen/ttrpc/integration/streaming"
	"ttrpc.dev/internal/peer"
)

const grace = 5 * time.Second

func main() {
	addresses := os.Args[1:]
	if len(addresses) == 1 && addresses[0] == "--version" {
		fmt.Println(peer.Versions())
		return
	}
	if len(addresses) == 0 {
		fmt.Fprintln(os.Stderr, "usage: conformance-server ADDRESS... | --version")
		os.Exit(2)
	}
	if err := serve(addresses); err != nil {
		fmt.Fprintln(os.Stderr, "conformance-server:", err)
		os.Exit(1)
	}
}

func serve(addresses []string) error {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	conformance.RegisterConformanceService(server, &service{})
	streaming.RegisterStreamingService(server, streamingService{})

	served := make(chan error, len(addresses))
	for _, address := range addresses {
		listener, err := listen(address)
		if err != nil {
			return err
		}
		go func() { served <- server.Serve(context.Background(), listener) }()
		fmt.Println("serving", peer.Name(address, listener))
	}
	select {
	case err := <-served:
		return err
	case <-stop.Done():
	}
	ending, done := context.WithTimeout(context.Background(), grace)
	defer done()
	if err := server.Shutdown(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

func listen(address string) (net.Listener, error) {
	network, target, err := peer.Network(address)
	if err != nil {
		return nil, err
	}
	return net.Listen(network, target)
}
