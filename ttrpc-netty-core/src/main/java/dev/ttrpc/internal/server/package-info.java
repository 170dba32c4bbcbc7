/** The server: connections, dispatch, and one call's server half. */
@NullMarked
package dev.ttrpc.internal.server;

import org.jspecify.annotations.NullMarked;
