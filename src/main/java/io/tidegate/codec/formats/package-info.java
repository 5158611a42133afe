/** Events as other systems emit them, turned into the canonical JSON. */
@NullMarked
package io.tidegate.codec.formats;

import org.jspecify.annotations.NullMarked;
