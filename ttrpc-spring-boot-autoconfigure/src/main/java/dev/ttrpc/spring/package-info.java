/** What applications touch: the annotations by which they serve and call ttrpc, and the types that go with them. */
@NullMarked
package dev.ttrpc.spring;

import org.jspecify.annotations.NullMarked;
