/** What the node agent serves. */
@NullMarked
package dev.ttrpc.sample.agent;

import org.jspecify.annotations.NullMarked;
