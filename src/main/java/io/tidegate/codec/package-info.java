/** Bytes and rows to and from the model. */
@NullMarked
package io.tidegate.codec;

import org.jspecify.annotations.NullMarked;
