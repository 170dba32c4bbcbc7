/** What both ends of a connection share: reading, writing, waiting, publishers. */
@NullMarked
package dev.ttrpc.internal.connection;

import org.jspecify.annotations.NullMarked;
