package io.tidegate.serve;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests an address may make: a bucket that holds ten seconds' worth and refills evenly. Mutable,
 * thread-safe, bounded.
 */
final class RateLimit {

  private static final int ADDRESSES = 10_000;
  private static final double BURST_SECONDS = 10;

  private final double perSecond;
  private final double most;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  private record Bucket(double left, long atNanos) {}

  RateLimit(double perSecond) {
    this.perSecond = perSecond;
    this.most = perSecond * BURST_SECONDS;
  }

  /** Takes from an address's bucket what a request costs; false where it does not hold as much. */
  synchronized boolean take(String address, double cost, long nowNanos) {
    double left = left(address, nowNanos);
    boolean enough = left >= cost;
    buckets.put(address, new Bucket(enough ? left - cost : left, nowNanos));
    return enough;
  }

  /** Takes a cost from an address's bucket even if it leaves a debt, to be refilled first. */
  synchronized void charge(String address, double cost, long nowNanos) {
    buckets.put(address, new Bucket(left(address, nowNanos) - cost, nowNanos));
  }

  private double left(String address, long nowNanos) {
    Bucket before = buckets.get(address);
    return before == null
        ? most
        : Math.min(most, before.left() + (nowNanos - before.atNanos()) / 1e9 * perSecond);
  }
}
