// Package peer has what every program of this module needs: addresses, and the versions it was built of.
package peer

import (
	"fmt"
	"net"
	"runtime"
	"runtime/debug"
	"strings"
)

// Network splits an address of the project's grammar into what package net wants: unix:PATH, unix:///PATH, unix://@NAME, tcp://HOST:PORT.
func Network(address string) (network, target string, err error) {
	scheme, rest, found := strings.Cut(address, ":")
	if !found || rest == "" {
		return "", "", fmt.Errorf("address %q has no scheme: unix:PATH or tcp://HOST:PORT", address)
	}
	rest = strings.TrimPrefix(rest, "//")
	switch strings.ToLower(scheme) {
	case "unix":
		return "unix", rest, nil
	case "tcp":
		return "tcp", rest, nil
	}
	return "", "", fmt.Errorf("address %q: scheme %q is neither unix nor tcp", address, scheme)
}

// Name gives an address back as it can be connected to, with the real port.
func Name(address string, listener net.Listener) string {
	if listener.Addr().Network() == "tcp" {
		return "tcp://" + listener.Addr().String()
	}
	return address
}

// Versions is one line that says what the program was built of.
func Versions() string {
	ttrpc := "unknown"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "github.com/containerd/ttrpc" {
				ttrpc = module.Version
			}
		}
	}
	return "github.com/containerd/ttrpc " + ttrpc + ", " + runtime.Version()
}
