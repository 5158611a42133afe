package io.tidegate.analysis.privacy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Primary and complementary suppression of small cells of one dimension. A segment is hidden while
 * its smaller variant has fewer units than the least; then the next smallest are hidden too, until
 * at least two are and together they have the least, so that a total less the shown segments never
 * gives a hidden one back.
 *
 * @param minUnits the least units of a segment's smaller variant; 0 or 1 hides nothing
 */
public record SmallCells(long minUnits) {

  public SmallCells {
    if (minUnits < 0) {
      throw new IllegalArgumentException("minUnits must be ≥ 0, not " + minUnits);
    }
  }

  /**
   * The segments to hide.
   *
   * @param smallerUnits segment → units of its smaller variant; segments without a unit tell
   *     nothing and are neither hidden nor needed to hide another
   */
  public Set<String> hidden(Map<String, Long> smallerUnits) {
    List<Map.Entry<String, Long>> ascending =
        new TreeMap<>(smallerUnits)
            .entrySet().stream()
                .filter(cell -> cell.getValue() > 0)
                .sorted(Comparator.comparingLong(Map.Entry::getValue))
                .toList();
    Set<String> hidden = new TreeSet<>();
    long together = 0;
    for (Map.Entry<String, Long> cell : ascending) {
      boolean small = cell.getValue() < minUnits;
      boolean exposed = !hidden.isEmpty() && (hidden.size() < 2 || together < minUnits);
      if (!small && !exposed) {
        break;
      }
      hidden.add(cell.getKey());
      together += cell.getValue();
    }
    return hidden;
  }

  /**
   * Units of the smaller variant, for {@link #hidden}; 1 where it has none and the other has some,
   * for such a segment is small and not empty.
   */
  public static long smaller(long control, long treatment) {
    return Math.max(Math.min(control, treatment), control + treatment > 0 ? 1 : 0);
  }

  /**
   * Whether a published row may give way to a newer one: each variant gained no unit, or at least
   * the least, so that the difference of the two tells about no fewer.
   */
  public boolean mayReplace(
      long publishedControl, long publishedTreatment, long control, long treatment) {
    return enough(control - publishedControl) && enough(treatment - publishedTreatment);
  }

  private boolean enough(long gained) {
    return gained == 0 || gained >= minUnits;
  }
}
