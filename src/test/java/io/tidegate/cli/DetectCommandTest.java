package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectCommandTest {

  @TempDir private Path folder;

  private String file(List<String> lines) throws IOException {
    return Files.write(folder.resolve("in.csv"), lines).toString();
  }

  private Cli detect(List<String> lines, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("detect", file(lines)));
    args.addAll(List.of(options));
    return Cli.run(args.toArray(String[]::new));
  }

  /** Hours from Monday 2024-01-01 on, their times written by {@code time}. */
  private static List<String> hours(int count, Function<LocalDateTime, String> time) {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("timestamp,value"));
    for (int i = 0; i < count; i++) {
      LocalDateTime at = LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(i);
      double mean = 500 * Math.exp(0.8 * Math.sin((at.getHour() - 9) * Math.PI / 12));
      double value = Math.rint(mean * Math.exp(0.05 * random.nextGaussian()));
      lines.add(time.apply(at) + "," + (i == 700 ? 9000.0 : value));
    }
    return lines;
  }

  @Test
  void detect_aPlantedSpike_isTheAnomaly() throws IOException {
    Cli run = detect(hours(800, LocalDateTime::toString), "--output", "csv");
    assertThat(run.code()).as(run.err()).isZero();
    List<String> out = run.out().lines().toList();
    assertThat(out).hasSize(801);
    assertThat(out.get(0))
        .isEqualTo("timestamp,value,expected,lower,upper,anomaly_score,is_anomaly");
    assertThat(out.get(1)).matches("2024-01-01T00:00,\\d+(\\.0)?,,,,,false");
    List<String> flagged = out.stream().filter(l -> l.endsWith(",true")).toList();
    assertThat(flagged).singleElement().asString().startsWith("2024-01-30T04:00,9000");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso", "zoned", "blank", "seconds", "millis"})
  void detect_readsTimesAsPeopleWriteThem(String form) throws IOException {
    Function<LocalDateTime, String> time =
        switch (form) {
          case "iso" -> LocalDateTime::toString;
          case "zoned" -> at -> at + ":00.000+00:00";
          case "blank" -> at -> at.toLocalDate() + " " + at.toLocalTime() + ":00";
          case "seconds" -> at -> Long.toString(at.toEpochSecond(ZoneOffset.UTC));
          default -> at -> Long.toString(at.toInstant(ZoneOffset.UTC).toEpochMilli());
        };
    Cli plain = detect(hours(720, LocalDateTime::toString), "--output", "csv");
    Cli other = detect(hours(720, time), "--output", "csv");
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(answers(other)).isEqualTo(answers(plain));
  }

  private static List<String> answers(Cli run) {
    return run.out().lines().skip(1).map(l -> l.substring(l.indexOf(',') + 1)).toList();
  }

  @Test
  void detect_localTimes_mayOccurTwiceInAutumn() throws IOException {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    List<String> lines = new ArrayList<>(List.of("timestamp,value"));
    for (int i = 0; i < 24 * 60; i++) {
      LocalDateTime local =
          LocalDate.of(2024, 9, 16).atStartOfDay(zone).plusHours(i).toLocalDateTime();
      lines.add(local + "," + (local.getHour() < 6 ? 10 : 100 + i % 7));
    }
    Cli run = detect(lines, "--zone", "Europe/Berlin", "--output", "csv");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines().count()).isEqualTo(24 * 60 + 1);
    Cli utc = detect(lines, "--output", "csv");
    assertThat(utc.code()).isEqualTo(2);
    assertThat(utc.err()).contains("row 989, column timestamp").contains("each time once");
  }

  @Test
  void detect_findsItsColumns_andIgnoresTheOthers() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,when,note,visits"));
    lines.add("1,2024-01-01,x,5");
    lines.add("2,2024-01-02,x,6");
    Cli guessed = detect(lines, "--output", "json");
    assertThat(guessed.code()).as(guessed.err()).isZero();
    assertThat(guessed.err()).contains("values are column id; --value names another");
    Cli named = detect(lines, "--value", "visits", "--output", "json");
    JsonNode rows = new ObjectMapper().readTree(named.out());
    assertThat(rows.get(1).get("timestamp").asText()).isEqualTo("2024-01-02");
    assertThat(rows.get(1).get("value").asDouble()).isEqualTo(6);
    assertThat(rows.get(1).get("expected").isNull()).isTrue();
    assertThat(rows.get(1).get("is_anomaly").asBoolean()).isFalse();
    assertThat(named.err()).contains("less than a week and 8 rows of history: no answers");
  }

  @Test
  void detect_rowsInTheWrongOrder_areCounted() throws IOException {
    List<String> lines = new ArrayList<>(List.of("timestamp,value", "2024-06-01,1"));
    for (int day = 1; day <= 28; day++) {
      lines.add("2024-02-%02d,1".formatted(day));
    }
    lines.add("2024-06-02,many");
    Cli run = detect(lines);
    assertThat(run.err().lines()).hasSize(7);
    assertThat(run.err())
        .contains("column timestamp: found 23 more rows like these: expected rows in time order")
        .contains("row 31, column value: found many");
  }

  @Test
  void detect_differentProblems_areShownUpToABound() throws IOException {
    List<String> lines = new ArrayList<>(List.of("test,metric,kind,time,variant,n,successes"));
    for (int i = 0; i < 80; i++) {
      lines.add("t,m,binary," + i + ",control," + i + "," + (i + 1));
    }
    Path file = Files.write(folder.resolve("many.csv"), lines);
    Cli run = Cli.run("judge", file.toString(), "--control", "control");
    assertThat(run.err().lines()).hasSize(RowProblems.SHOWN + 1);
    assertThat(run.err()).contains("found 30 more problems");
  }

  @Test
  void detect_wrongRows_areAllNamed() throws IOException {
    Cli run =
        detect(
            List.of(
                "timestamp,value",
                "2024-01-02 00:00:00,1",
                "2024-01-01 00:00:00,2",
                "2024-01-02 00:00:00,3",
                "yesterday,4",
                "2024-01-03 00:00:00,many",
                "2024-01-04 00:00:00,Infinity",
                "2024-01-05 00:00:00,NaN",
                ",5"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    List<String> problems = run.err().lines().toList();
    assertThat(problems).hasSize(6).allMatch(p -> p.contains("in.csv"));
    assertThat(run.err())
        .contains("row 3, column timestamp")
        .contains("rows in time order, after 2024-01-02 00:00:00")
        .contains("row 4, column timestamp")
        .contains("each time once")
        .contains("row 5, column timestamp")
        .contains("row 6, column value")
        .contains("row 7, column value")
        .contains("row 9, column timestamp");
  }

  @Test
  void detect_wrongFiles_areRefused() throws IOException {
    assertThat(detect(List.of()).err()).contains("an empty file");
    assertThat(detect(List.of("timestamp,value")).err()).contains("a header alone");
    Cli headless = detect(List.of("2024-01-01 00:00:00,5", "2024-01-02 00:00:00,6"));
    assertThat(headless.code()).isEqualTo(2);
    assertThat(headless.err()).contains("row 1").contains("header");
    Cli other = detect(List.of("a,b", "x,y"));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("a header with a column timestamp");
    Cli unnamed = detect(List.of("timestamp,value", "2024-01-01,1"), "--value", "visits");
    assertThat(unnamed.code()).isEqualTo(2);
    assertThat(unnamed.err()).contains("a column named visits");
    assertThat(Cli.run("detect", folder.resolve("absent.csv").toString()).code()).isEqualTo(2);
  }

  @Test
  void detect_wrongOptions_areRefused() throws IOException {
    List<String> lines = List.of("timestamp,value", "2024-01-01,1");
    assertThat(detect(lines, "--zone", "Mars").err()).contains("a zone such as Europe/Berlin");
    assertThat(detect(lines, "--country", "xx").err()).contains("the code of a country");
    assertThat(detect(lines, "--horizon", "0").err()).contains("rows ahead from 1 to 50000");
    assertThat(detect(lines, "--false-alarm-every", "PT0S").err()).contains("a duration above 0");
    assertThat(detect(lines, "--false-alarm-every", "soon").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "42", "-3.5", ""})
  void detect_valuesThatNeverVary_getNoInterval(String value) throws IOException {
    List<String> lines = new ArrayList<>(List.of("timestamp,value"));
    for (int i = 0; i < 1000; i++) {
      lines.add(LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(i) + "," + value);
    }
    Cli run = detect(lines, "--output", "csv");
    assertThat(run.code()).as(run.err()).isZero();
    String last = run.out().lines().skip(1000).findFirst().orElseThrow();
    assertThat(last).contains(",,,").endsWith(",false");
    assertThat(run.err()).isNotEmpty();
  }

  @Test
  void detect_onePoint_saysThatItCannotSay() throws IOException {
    Cli run = detect(List.of("timestamp,value", "2024-01-01,1"), "--output", "csv");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList().get(1)).matches("2024-01-01,1(\\.0)?,,,,,false");
    assertThat(run.err()).contains("less than a week");
  }

  @Test
  void detect_writesAPage() throws IOException {
    Path page = folder.resolve("out.html");
    Cli run = detect(hours(2000, LocalDateTime::toString), "--chart", page.toString());
    assertThat(run.code()).as(run.err()).isZero();
    String html = Files.readString(page);
    assertThat(html)
        .containsPattern("<h1>\\d of 2,000 rows are anomalies")
        .contains("Content-Security-Policy")
        .contains("id=\"chart-recent\"")
        .doesNotContain("<script src");
    assertThat(html.length()).isLessThan(2_000_000);
    Cli nowhere =
        detect(
            hours(10, LocalDateTime::toString),
            "--chart",
            folder.resolve("no/such/folder.html").toString());
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).contains("a file that can be written");
  }

  @Test
  void detect_bikeSharing_withTheCountrysHolidays() throws IOException {
    List<String[]> rows = RealData.rows("bike_sharing/hour.csv.gz");
    List<String> lines = new ArrayList<>(List.of("timestamp,value"));
    for (String[] row : rows.subList(1, rows.size())) {
      lines.add("%s %02d:00:00,%s".formatted(row[1], Integer.parseInt(row[5]), row[16]));
    }
    Cli run = detect(lines, "--country", "us", "--output", "csv");
    assertThat(run.code()).as(run.err()).isZero();
    double off = 0;
    double sum = 0;
    for (String line : run.out().lines().skip(1).toList()) {
      String[] cell = line.split(",", -1);
      if (cell[0].compareTo("2011-01-29") >= 0) {
        off += Math.abs(Double.parseDouble(cell[1]) - Double.parseDouble(cell[2]));
        sum += Double.parseDouble(cell[1]);
      }
    }
    assertThat(off / sum).isCloseTo(0.111, within(0.003));
  }
}
