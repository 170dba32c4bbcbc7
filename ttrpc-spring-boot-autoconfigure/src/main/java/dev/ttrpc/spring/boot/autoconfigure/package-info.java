/** What the auto-configurations for servers and clients share. */
@NullMarked
package dev.ttrpc.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
