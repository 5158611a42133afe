package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts of units by age, kept as differences: a unit that counts from age a up to before age b
 * costs two additions. Mutable; {@link #merge} is exactly associative and commutative.
 */
final class Tally {

  private long[] differences = new long[8];
  private int length;

  /**
   * One unit counts at ages {@code from} to before {@code to}; nothing where the range is empty.
   */
  void count(int from, int to) {
    if (from < to) {
      add(from, 1);
      add(to, -1);
    }
  }

  private void add(int age, long difference) {
    if (age >= differences.length) {
      differences = Arrays.copyOf(differences, Math.max(age + 1, 2 * differences.length));
    }
    differences[age] += difference;
    length = Math.max(length, age + 1);
  }

  void merge(Tally other) {
    for (int age = 0; age < other.length; age++) {
      add(age, other.differences[age]);
    }
  }

  /** Number of ages from 0 beyond which every count is 0. */
  int ages() {
    return length;
  }

  /** Units at age 0, 1, … up to before {@code ages}. */
  long[] counts(int ages) {
    long[] counts = new long[ages];
    long running = 0;
    for (int age = 0; age < ages; age++) {
      running += age < length ? differences[age] : 0;
      counts[age] = running;
    }
    return counts;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(length);
    for (int age = 0; age < length; age++) {
      out.writeLong(differences[age]);
    }
  }

  void readFrom(DataInput in) throws IOException {
    length = in.readInt();
    differences = new long[Math.max(8, length)];
    for (int age = 0; age < length; age++) {
      differences[age] = in.readLong();
    }
  }
}
