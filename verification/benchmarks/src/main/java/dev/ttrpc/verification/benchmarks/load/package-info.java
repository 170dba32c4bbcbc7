/** What the figures and the soak share: the server they load, in a process of its own, its peers, and what is read from both processes. */
@NullMarked
package dev.ttrpc.verification.benchmarks.load;

import org.jspecify.annotations.NullMarked;
