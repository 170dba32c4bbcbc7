package main

// snippet: client
import (
	"context"
	"fmt"
	"log"
	"net"

	"github.com/containerd/ttrpc"

	greeter "example.com/greeter/gen"
)

func main() {
	conn, err := net.Dial("unix", "/run/greeter/greeter.sock")
	if err != nil {
		log.Fatal(err)
	}
	client := greeter.NewGreeterClient(ttrpc.NewClient(conn))
	reply, err := client.SayHello(context.Background(), &greeter.HelloRequest{Name: "Go"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.Message)
}

// end
