package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts that {@link StateBytes#putText} wrote. Names, variants and segments come again and
 * again: a text that was read lately is found by its bytes and not made anew.
 */
final class Texts {

  private static final int PLACES = 512;
  private static final int LONGEST = 64;
  private static final ThreadLocal<Texts> OF_THREAD = ThreadLocal.withInitial(Texts::new);

  private final byte[] bytes = new byte[LONGEST];
  private final byte[] @Nullable [] known = new byte[PLACES][];
  private final String[] texts = new String[PLACES];

  private Texts() {}

  static String read(DataInput in) throws IOException {
    int length = VarLong.readInt(in);
    if (length == 0) {
      return "";
    }
    if (length > LONGEST) {
      byte[] longer = new byte[length];
      in.readFully(longer);
      return new String(longer, StandardCharsets.UTF_8);
    }
    return OF_THREAD.get().shared(length, in);
  }

  private String shared(int length, DataInput in) throws IOException {
    in.readFully(bytes, 0, length);
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    byte[] there = known[place];
    if (there == null || !equal(there, length)) {
      there = Arrays.copyOf(bytes, length);
      texts[place] = new String(there, StandardCharsets.UTF_8);
      known[place] = there;
    }
    return texts[place];
  }

  private boolean equal(byte[] there, int length) {
    return Arrays.equals(there, 0, there.length, bytes, 0, length);
  }
}
