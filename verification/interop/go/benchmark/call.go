package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	benchmark "ttrpc.dev/gen/ttrpc/benchmark/v1"
)

// order is one line of standard input: KIND PAYLOAD IN_FLIGHT CONNECTIONS MILLIS PATH.
type order struct {
	kind                           string
	payload, inFlight, connections int
	duration                       time.Duration
	path                           string
}

// obey answers each line with one: COUNT NANOS MEDIAN_NANOS P99_NANOS.
func obey(lines io.Reader) error {
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		order, err := parse(scanner.Text())
		if err != nil {
			return err
		}
		answer, err := order.run()
		if err != nil {
			return err
		}
		fmt.Println(answer)
	}
	return scanner.Err()
}

func parse(line string) (order, error) {
	o := order{}
	var millis int
	words := strings.SplitN(line, " ", 6)
	if len(words) != 6 || words[0] != "unary" {
		return o, fmt.Errorf("only unary calls are made here: %q", line)
	}
	o.kind, o.path = words[0], words[5]
	_, err := fmt.Sscan(strings.Join(words[1:5], " "), &o.payload, &o.inFlight, &o.connections, &millis)
	o.duration = time.Duration(millis) * time.Millisecond
	return o, err
}

// run keeps as many goroutines calling as there are to be calls in flight.
func (o order) run() (string, error) {
	var callers sync.WaitGroup
	nanos := make([][]int64, o.inFlight)
	failures := make(chan error, o.inFlight)
	start := time.Now()
	for connection := 0; connection < o.connections; connection++ {
		socket, err := net.Dial("unix", o.path)
		if err != nil {
			return "", err
		}
		client := ttrpc.NewClient(socket)
		defer client.Close()
		for caller := connection; caller < o.inFlight; caller += o.connections {
			callers.Go(func() {
				var err error
				if nanos[caller], err = o.callUntil(client, start.Add(o.duration)); err != nil {
					failures <- err
				}
			})
		}
	}
	callers.Wait()
	elapsed := time.Since(start)
	select {
	case err := <-failures:
		return "", err
	default:
	}
	all := slices.Concat(nanos...)
	slices.Sort(all)
	return fmt.Sprint(len(all), elapsed.Nanoseconds(), share(all, 0.5), share(all, 0.99)), nil
}

func (o order) callUntil(client *ttrpc.Client, end time.Time) ([]int64, error) {
	service := benchmark.NewBenchmarkClient(client)
	request := &benchmark.EchoMessage{Payload: payload(o.payload)}
	var nanos []int64
	for before := time.Now(); before.Before(end); {
		answer, err := service.Echo(context.Background(), request)
		now := time.Now()
		if err != nil {
			return nil, err
		}
		if len(answer.Payload) != o.payload {
			return nil, fmt.Errorf("%d bytes came back instead of %d", len(answer.Payload), o.payload)
		}
		nanos = append(nanos, now.Sub(before).Nanoseconds())
		before = now
	}
	return nanos, nil
}

func share(sorted []int64, of float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(float64(len(sorted))*of)]
}

func payload(size int) []byte {
	return bytes.Repeat([]byte{'x'}, size)
}
