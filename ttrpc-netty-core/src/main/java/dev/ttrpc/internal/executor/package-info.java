/** What runs the handlers of a server: a pool of threads of our own, or an executor of the user's. */
@NullMarked
package dev.ttrpc.internal.executor;

import org.jspecify.annotations.NullMarked;
