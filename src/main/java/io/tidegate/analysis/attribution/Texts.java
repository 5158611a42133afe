package io.tidegate.analysis.attribution;

import io.tidegate.model.RecentTexts;
import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads texts that {@link StateBytes#putText} wrote, the short ones from {@link RecentTexts}. */
final class Texts {

  private static final ThreadLocal<Texts> OF_THREAD = ThreadLocal.withInitial(Texts::new);

  private final byte[] bytes = new byte[RecentTexts.LONGEST];
  private final RecentTexts recent = new RecentTexts();

  private Texts() {}

  /** For all that a thread reads. */
  static Texts ofThread() {
    return OF_THREAD.get();
  }

  static String read(DataInput in) throws IOException {
    return ofThread().next(in);
  }

  String next(DataInput in) throws IOException {
    int length = VarLong.readInt(in);
    if (length == 0) {
      return "";
    }
    if (length > RecentTexts.LONGEST) {
      byte[] longer = new byte[length];
      in.readFully(longer);
      return new String(longer, StandardCharsets.UTF_8);
    }
    in.readFully(bytes, 0, length);
    return recent.text(bytes, 0, length);
  }

  /** The text whose UTF-8 some bytes of an array are. */
  String text(byte[] utf8, int from, int length) {
    return length == 0 ? "" : recent.text(utf8, from, length);
  }
}
