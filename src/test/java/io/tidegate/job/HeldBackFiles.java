package io.tidegate.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;

/** Files of a catalog of which only so many of the events' data files are opened until told. */
public final class HeldBackFiles extends HadoopFileIO {

  private static final long serialVersionUID = 1L;
  private static final int NO_LIMIT = 1 << 20;
  private static final Semaphore ALLOWED = new Semaphore(NO_LIMIT);
  private static final Set<String> OPENED = ConcurrentHashMap.newKeySet();

  /** A catalog's properties with its files held back. */
  static Map<String, String> in(Map<String, String> properties) {
    Map<String, String> changed = new HashMap<>(properties);
    changed.put("io-impl", HeldBackFiles.class.getName());
    return changed;
  }

  static void allow(int files) {
    OPENED.clear();
    ALLOWED.drainPermits();
    ALLOWED.release(files);
  }

  static void allowAll() {
    ALLOWED.release(NO_LIMIT);
  }

  /** Whether a reader waits for a file. */
  static boolean waitedFor() {
    return ALLOWED.hasQueuedThreads();
  }

  @Override
  public InputFile newInputFile(String path) {
    pass(path);
    return super.newInputFile(path);
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    pass(path);
    return super.newInputFile(path, length);
  }

  private static void pass(String path) {
    boolean events = path.contains("/exposures/data/") || path.contains("/outcomes/data/");
    if (events && OPENED.add(path)) {
      ALLOWED.acquireUninterruptibly();
    }
  }
}
