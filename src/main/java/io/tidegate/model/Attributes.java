package io.tidegate.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known about an event or its unit: a few texts by name, in order of name. Immutable. */
public final class Attributes extends AbstractMap<String, String> {

  /** No attributes. */
  public static final Attributes NONE = new Attributes(new String[0]);

  /** Name, value, name, value, …, by name. */
  private final String[] flat;

  private Attributes(String[] flat) {
    this.flat = flat;
  }

  /** The same attributes, of which neither name nor value may be null. */
  public static Attributes copyOf(Map<String, String> attributes) {
    if (attributes instanceof Attributes same) {
      return same;
    }
    if (attributes.isEmpty()) {
      return NONE;
    }
    String[] flat = new String[2 * attributes.size()];
    int at = 0;
    for (Map.Entry<String, String> entry : new TreeMap<>(attributes).entrySet()) {
      flat[at++] = Objects.requireNonNull(entry.getKey());
      flat[at++] = Objects.requireNonNull(entry.getValue());
    }
    return new Attributes(flat);
  }

  /**
   * Takes over an array of name, value, name, value, … in any order.
   *
   * @return null where a name is there twice
   */
  public static @Nullable Attributes ofPairs(String[] pairs) {
    for (int i = 2; i < pairs.length; i += 2) {
      String name = pairs[i];
      String value = pairs[i + 1];
      int at = i;
      while (at > 0 && name.compareTo(pairs[at - 2]) < 0) {
        pairs[at] = pairs[at - 2];
        pairs[at + 1] = pairs[at - 1];
        at -= 2;
      }
      if (at > 0 && name.equals(pairs[at - 2])) {
        return null;
      }
      pairs[at] = name;
      pairs[at + 1] = value;
    }
    return pairs.length == 0 ? NONE : new Attributes(pairs);
  }

  /** Name, value, name, value, …, by name; not to be changed. */
  public String[] flat() {
    return flat;
  }

  @Override
  public int size() {
    return flat.length / 2;
  }

  @Override
  public @Nullable String get(@Nullable Object name) {
    for (int i = 0; i < flat.length; i += 2) {
      if (flat[i].equals(name)) {
        return flat[i + 1];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return new Entries();
      }

      @Override
      public int size() {
        return Attributes.this.size();
      }
    };
  }

  /** Entries by name. */
  private final class Entries implements Iterator<Map.Entry<String, String>> {
    private int at;

    @Override
    public boolean hasNext() {
      return at < flat.length;
    }

    @Override
    public Map.Entry<String, String> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      at += 2;
      return Map.entry(flat[at - 2], flat[at - 1]);
    }
  }
}
