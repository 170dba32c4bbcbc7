/** The conformance service on both stacks, and the command that serves it. */
@NullMarked
package dev.ttrpc.verification.interop.serve;

import org.jspecify.annotations.NullMarked;
