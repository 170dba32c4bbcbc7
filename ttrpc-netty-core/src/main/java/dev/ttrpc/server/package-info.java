/** The server: services, interceptors, and who may connect. */
@NullMarked
package dev.ttrpc.server;

import org.jspecify.annotations.NullMarked;
