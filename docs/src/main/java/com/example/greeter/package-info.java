/** The application that the manual builds. */
@NullMarked
package com.example.greeter;

import org.jspecify.annotations.NullMarked;
