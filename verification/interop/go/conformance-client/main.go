// Command conformance-client calls a server of the Conformance service by Go's ttrpc: one line a case, then the total.
// Exit code 0 when all cases pass, 1 when one fails, 2 for a wrong command line.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/containerd/ttrpc"
	conformance "ttrpc.dev/gen/ttrpc/conformance/v1"
	"ttrpc.dev/internal/peer"
)

const usage = "usage: conformance-client [--timeout=DURATION] ADDRESS [case...] | --list | --version"

func main() {
	list := flag.Bool("list", false, "list the cases")
	version := flag.Bool("version", false, "print versions")
	timeout := flag.Duration("timeout", 20*time.Second, "the longest a case may take")
	flag.Usage = func() { fmt.Fprintln(os.Stderr, usage) }
	flag.Parse()
	switch {
	case *version:
		fmt.Println(peer.Versions())
		return
	case *list:
		for _, c := range cases {
			fmt.Printf("%-34s %s\n", c.name, c.meaning)
		}
		return
	case flag.NArg() == 0:
		flag.Usage()
		os.Exit(2)
	}
	chosen, err := choose(flag.Args()[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if failed := runAll(chosen, flag.Arg(0), *timeout); failed > 0 {
		os.Exit(1)
	}
}

func choose(names []string) ([]testCase, error) {
	if len(names) == 0 {
		return cases, nil
	}
	known := map[string]testCase{}
	for _, c := range cases {
		known[c.name] = c
	}
	var chosen []testCase
	for _, name := range names {
		c, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("no case is named %s: see --list", name)
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

func runAll(chosen []testCase, address string, timeout time.Duration) (failed int) {
	for _, c := range chosen {
		if err := runOne(c, address, timeout); err != nil {
			failed++
			fmt.Printf("FAILED %s: %v\n", c.name, err)
		} else {
			fmt.Println("ok", c.name)
		}
	}
	fmt.Printf("%d passed, %d failed\n", len(chosen)-failed, failed)
	return failed
}

func runOne(c testCase, address string, timeout time.Duration) error {
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		peer, err := dial(address)
		if err != nil {
			ended <- err
			return
		}
		defer peer.close()
		ended <- c.run(ctx, peer)
	}()
	select {
	case err := <-ended:
		return err
	case <-time.After(timeout):
		return fmt.Errorf("no end within %v", timeout)
	}
}

// server is one connection to the server under test.
type server struct {
	conformance.ConformanceClient
	raw     *ttrpc.Client
	address string
}

func dial(address string) (*server, error) {
	s := &server{address: address}
	connection, err := s.connect()
	if err != nil {
		return nil, err
	}
	s.raw = ttrpc.NewClient(connection)
	s.ConformanceClient = conformance.NewConformanceClient(s.raw)
	return s, nil
}

// connect makes another connection to the same server.
func (s *server) connect() (net.Conn, error) {
	network, target, err := peer.Network(s.address)
	if err != nil {
		return nil, err
	}
	return net.DialTimeout(network, target, 5*time.Second)
}

func (s *server) close() { _ = s.raw.Close() }
