/** The cases by which a server of the conformance service is judged, and the command that runs them. */
@NullMarked
package dev.ttrpc.verification.interop.call;

import org.jspecify.annotations.NullMarked;
