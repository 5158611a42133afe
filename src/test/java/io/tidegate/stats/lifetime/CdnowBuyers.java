package io.tidegate.stats.lifetime;

import io.tidegate.stats.RealData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The published sample of CDNOW's customers: 39 weeks to fit, 39 to hold against. Times in weeks.
 */
final class CdnowBuyers {

  static final int WEEKS = 39;
  private static final LocalDate END = LocalDate.of(1997, 9, 30);

  final List<Buyer> buyers = new ArrayList<>();

  /** Days with a purchase in weeks 40 to 78. */
  int heldOut;

  static CdnowBuyers read() {
    CdnowBuyers read = new CdnowBuyers();
    customers().values().forEach(read::add);
    return read;
  }

  private void add(NavigableMap<LocalDate, Double> days) {
    LocalDate first = days.firstKey();
    List<LocalDate> repeats =
        days.keySet().stream().filter(day -> day.isAfter(first) && !day.isAfter(END)).toList();
    double value = repeats.stream().mapToDouble(days::get).average().orElse(0);
    double last = repeats.isEmpty() ? 0 : weeks(first, repeats.get(repeats.size() - 1));
    buyers.add(new Buyer(repeats.size(), last, weeks(first, END), value));
    heldOut += days.tailMap(END, false).size();
  }

  private static double weeks(LocalDate from, LocalDate to) {
    return (to.toEpochDay() - from.toEpochDay()) / 7.0;
  }

  private static Map<String, NavigableMap<LocalDate, Double>> customers() {
    Map<String, NavigableMap<LocalDate, Double>> customers = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(RealData.file("cdnow/CDNOW_sample.txt"))) {
        String[] f = line.trim().split("\\s+");
        LocalDate day = LocalDate.parse(f[2], DateTimeFormatter.BASIC_ISO_DATE);
        customers
            .computeIfAbsent(f[1], id -> new TreeMap<>())
            .merge(day, Double.parseDouble(f[4]), Double::sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return customers;
  }
}
