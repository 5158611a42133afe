package io.tidegate.serve;

import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.ReportData;
import io.tidegate.model.UserError;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads attempts from the tables on a thread of its own, one at a time, so that slow tables keep no
 * other answer waiting. What came of a reading, be it a failure, is good for a minute, so that many
 * viewers cost as much as one.
 */
final class PastReader {

  private static final Logger LOG = LoggerFactory.getLogger(PastReader.class);

  /** How long what was read is shown again. */
  private static final long GOOD_FOR_MS = 60_000;

  /** Attempts kept. */
  private static final int MOST_KEPT = 4;

  /** Readings that may wait for the one under way. */
  private static final int MOST_QUEUED = 4;

  /** Callers that may wait for a reading, so that threads are left to answer others. */
  private static final int MOST_WAITING = 4;

  private static final int WAIT_S = 5;
  private static final int IDLE_S = 60;

  private final Archive archive;
  private final LongSupplier nowMs;
  private final ExecutorService thread = thread();
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final Map<Key, CompletableFuture<Past>> underWay = new HashMap<>();
  private final Map<Key, Past> kept =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Past> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private record Key(String rolloutId, int attempt) {}

  /**
   * What came of a reading.
   *
   * @param data the attempt without its segments, as it may be published; null where it could not
   *     be read
   * @param unreadable why it could not be read; empty where it was
   * @param readMs wall time of the reading
   */
  record Past(@Nullable ReportData data, String unreadable, long readMs) {}

  PastReader(Archive archive, LongSupplier nowMs) {
    this.archive = archive;
    this.nowMs = nowMs;
  }

  private static ExecutorService thread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_S,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_QUEUED),
            task -> {
              Thread daemon = new Thread(task, "read-past");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /**
   * What the tables say of an attempt, at most a minute old; where the tables take long what they
   * said before, or null where they never did. Waits some seconds at most.
   */
  @Nullable Past past(String rolloutId, int attempt) throws InterruptedException {
    Key key = new Key(rolloutId, attempt);
    Past known;
    CompletableFuture<Past> next;
    synchronized (this) {
      known = kept.get(key);
      if (known != null && nowMs.getAsLong() - known.readMs() <= GOOD_FOR_MS) {
        return known;
      }
      next = next(key);
    }
    Past read = next == null ? null : await(next);
    return read == null ? known : read;
  }

  /** The reading under way, else a new one; null where too many wait. Holds the lock. */
  private @Nullable CompletableFuture<Past> next(Key key) {
    CompletableFuture<Past> next = underWay.get(key);
    if (next == null) {
      try {
        next = CompletableFuture.supplyAsync(() -> keep(key, read(key)), thread);
        underWay.put(key, next);
      } catch (RejectedExecutionException e) {
        LOG.debug("no reading of {}: too many wait", key);
      }
    }
    return next;
  }

  private @Nullable Past await(CompletableFuture<Past> next) throws InterruptedException {
    if (!waiting.tryAcquire()) {
      return null;
    }
    try {
      return next.get(WAIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      waiting.release();
    }
  }

  private Past read(Key key) {
    try {
      PublishedRows all = PublishedRows.of(archive.attempt(key.rolloutId(), key.attempt()));
      return new Past(all.data().overall(), "", nowMs.getAsLong());
    } catch (UserError e) {
      return new Past(null, e.problems().get(0).toString(), nowMs.getAsLong());
    } catch (RuntimeException e) {
      LOG.warn("the tables cannot be read for {}", Text.plain(key.rolloutId()), e);
      return new Past(null, "the log says why", nowMs.getAsLong());
    }
  }

  private synchronized Past keep(Key key, Past past) {
    kept.put(key, past);
    underWay.remove(key);
    return past;
  }
}
