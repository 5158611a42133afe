package io.tidegate.stats.sums;

/**
 * A number of {@link UnitSums} side by side, so that a change in several touches little memory.
 * Mutable, not thread-safe.
 */
public final class UnitSumsArray {

  private final long[] words;

  /**
   * @param size number of sums, each 0
   */
  public UnitSumsArray(int size) {
    words = new long[size * SumWords.WORDS];
  }

  public int size() {
    return words.length / SumWords.WORDS;
  }

  /** Number of longs that they take. */
  public int longs() {
    return words.length;
  }

  /** As {@link UnitSums#enter}. */
  public void enter(int index, long y, long d) {
    SumWords.enter(words, index * SumWords.WORDS, y, d);
  }

  /** As {@link UnitSums#move}. */
  public void move(int index, long yOld, long dOld, long yNew, long dNew) {
    SumWords.move(words, index * SumWords.WORDS, yOld, dOld, yNew, dNew);
  }

  /** As {@link UnitSums#leave}. */
  public void leave(int index, long y, long d) {
    SumWords.leave(words, index * SumWords.WORDS, y, d);
  }

  /** As {@link UnitSums#isZero}. */
  public boolean isZero(int index) {
    return SumWords.isZero(words, index * SumWords.WORDS);
  }

  /** Replaces as many sums from a place on by those of another array. */
  public void set(int index, UnitSumsArray from, int fromIndex, int count) {
    System.arraycopy(
        from.words,
        fromIndex * SumWords.WORDS,
        words,
        index * SumWords.WORDS,
        count * SumWords.WORDS);
  }

  /**
   * Puts the bytes that {@link UnitSums#writeTo} writes into an array with room for {@link
   * UnitSums#MOST_BYTES}.
   *
   * @return the place after them
   */
  public int put(int index, byte[] bytes, int at) {
    return SumWords.put(bytes, at, words, index * SumWords.WORDS);
  }
}
