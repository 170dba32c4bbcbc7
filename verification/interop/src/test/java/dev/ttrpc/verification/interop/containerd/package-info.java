/** containerd and its shim for runc, as they are released, against this project's clients and servers. */
@NullMarked
package dev.ttrpc.verification.interop.containerd;

import org.jspecify.annotations.NullMarked;
