package io.tidegate.analysis.attribution;

import org.jspecify.annotations.Nullable;

/**
 * States of units by key: open addressing with linear probes, in arrays of which {@link #readAhead}
 * fetches a place before it is asked for. Mutable.
 */
public final class UnitTable {

  private static final int FIRST_PLACES = 1 << 10;

  /** 2⁶⁴ over the golden ratio. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[FIRST_PLACES];

  /** Null where a place is free. */
  private @Nullable UnitState[] states = new UnitState[FIRST_PLACES];

  private int size;

  int size() {
    return size;
  }

  /**
   * Reads a key's first place.
   *
   * @return a number to be kept, so that nothing is read for nothing
   */
  public long readAhead(long key) {
    int place = place(key);
    return keys[place] + (states[place] == null ? 0 : 1);
  }

  public @Nullable UnitState get(long key) {
    return states[find(key)];
  }

  /** Puts a state in the place of the one that a key has, if any. */
  public void put(long key, UnitState state) {
    int place = find(key);
    if (states[place] == null) {
      size++;
    }
    keys[place] = key;
    states[place] = state;
    if (2L * size > keys.length) {
      grow();
    }
  }

  /** Lets go of a key's state, if any. */
  public void remove(long key) {
    int free = find(key);
    if (states[free] == null) {
      return;
    }
    size--;
    // What a probe would have passed the place for moves up to it.
    int mask = keys.length - 1;
    for (int next = (free + 1) & mask; states[next] != null; next = (next + 1) & mask) {
      if (((next - place(keys[next])) & mask) >= ((next - free) & mask)) {
        keys[free] = keys[next];
        states[free] = states[next];
        free = next;
      }
    }
    states[free] = null;
  }

  /** Every key, in no order. */
  public long[] keys() {
    long[] all = new long[size];
    int found = 0;
    for (int place = 0; place < keys.length; place++) {
      if (states[place] != null) {
        all[found++] = keys[place];
      }
    }
    return all;
  }

  /** A key's place, or the free one where it would be put. */
  private int find(long key) {
    int mask = keys.length - 1;
    int place = place(key);
    while (states[place] != null && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private int place(long key) {
    return (int) ((key * SPREAD) >>> Long.numberOfLeadingZeros(keys.length - 1));
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable UnitState[] old = states;
    keys = new long[2 * oldKeys.length];
    states = new UnitState[keys.length];
    for (int i = 0; i < old.length; i++) {
      if (old[i] != null) {
        int place = find(oldKeys[i]);
        keys[place] = oldKeys[i];
        states[place] = old[i];
      }
    }
  }
}
