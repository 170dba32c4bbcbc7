// Prints the descriptors of containerd's interfaces, as its Go module has them, as one FileDescriptorSet.
package main

import (
	"fmt"
	"os"

	"github.com/containerd/containerd/api/events"
	"github.com/containerd/containerd/api/runtime/bootstrap/v1"
	taskv2 "github.com/containerd/containerd/api/runtime/task/v2"
	taskv3 "github.com/containerd/containerd/api/runtime/task/v3"
	forward "github.com/containerd/containerd/api/services/ttrpc/events/v1"
	"github.com/containerd/containerd/api/types"
	"github.com/containerd/containerd/api/types/runc/options"
	"github.com/containerd/containerd/api/types/task"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

func main() {
	files := []protoreflect.FileDescriptor{
		bootstrap.File_runtime_bootstrap_v1_bootstrap_proto,
		events.File_events_task_proto,
		forward.File_services_ttrpc_events_v1_events_proto,
		options.File_types_runc_options_oci_proto,
		task.File_types_task_task_proto,
		taskv2.File_runtime_task_v2_shim_proto,
		taskv3.File_runtime_task_v3_shim_proto,
		types.File_types_event_proto,
		types.File_types_mount_proto,
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, file := range files {
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	encoded, err := proto.Marshal(set)
	if err == nil {
		_, err = os.Stdout.Write(encoded)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
