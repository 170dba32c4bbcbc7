/** Serves the application's endpoints on its configured sockets. */
@NullMarked
package dev.ttrpc.spring.boot.autoconfigure.server;

import org.jspecify.annotations.NullMarked;
