package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeCommandTest {

  private static final Path DATA = Path.of(System.getProperty("tidegate.data", "../shared/data"));

  @TempDir private Path folder;

  private record Run(int code, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Run tidegate(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Tidegate.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Run(code, out.toString(), err.toString());
  }

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("in.csv"), List.of(lines));
  }

  /** Units and retained players a day of the made-up clock: one every five seconds, by id. */
  private Path cookieCats(String column) throws IOException {
    List<String[]> rows = new ArrayList<>(RealData.rows("cookie_cats/cookie_cats.csv.gz"));
    String[] header = rows.remove(0);
    int kept = RealData.column(header, column);
    rows.sort(Comparator.comparingLong(r -> Long.parseLong(r[0])));
    Map<String, long[]> days = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      String day = i * 5 / 86_400 + "," + rows.get(i)[1];
      long[] cell = days.computeIfAbsent(day, d -> new long[2]);
      cell[0]++;
      cell[1] += rows.get(i)[kept].equals("TRUE") ? 1 : 0;
    }
    List<String> lines = new ArrayList<>(List.of("test,metric,kind,time,variant,n,successes"));
    days.forEach(
        (day, cell) -> lines.add("gate,kept,binary," + day + "," + cell[0] + "," + cell[1]));
    return Files.write(folder.resolve(column + ".csv"), lines);
  }

  private JsonNode lastOfCookieCats(String column, String alphaRollback) throws IOException {
    Run run =
        tidegate(
            "judge",
            cookieCats(column).toString(),
            "--control",
            "gate_30",
            "--margin",
            "0.02",
            "--rollback",
            "0",
            "--alpha-rollback",
            alphaRollback,
            "--output",
            "json");
    assertThat(run.code).as(run.err).isZero();
    JsonNode rows = run.json();
    return rows.get(rows.size() - 1);
  }

  @Test
  void judge_cookieCatsRollsBackOnDay7OnlyWithTheBudgetForIt() throws IOException {
    JsonNode bold = lastOfCookieCats("retention_7", "0.05");
    assertThat(bold.get("verdict").asText()).isEqualTo("ROLLBACK");
    assertThat(bold.get("units_control").asLong()).isEqualTo(44_700);
    assertThat(bold.get("units_treatment").asLong()).isEqualTo(45_489);
    JsonNode careful = lastOfCookieCats("retention_7", "0.01");
    assertThat(careful.get("verdict").asText()).isEqualTo("HOLD");
    assertThat(careful.at("/reasons/1/code").asText()).isEqualTo("HARM_NOT_YET_SHOWN");
    assertThat(careful.at("/reasons/1/sentence").asText())
        .matches(
            "not shown to be worse than control by more than 0 % "
                + "\\(log e 3\\.\\d+, needed 4\\.605\\)");
    assertThat(lastOfCookieCats("retention_1", "0.05").get("verdict").asText()).isEqualTo("HOLD");
  }

  @Test
  void judge_theUdacityScreenerAdvancesOnNetConversionWithAWiderBound() throws IOException {
    List<String> wider = new ArrayList<>();
    for (String line : Files.readAllLines(udacity())) {
      wider.add(line.replace("abs:0.0075", "abs:0.02"));
    }
    Run run =
        tidegate(
            "judge",
            Files.write(folder.resolve("wider.csv"), wider).toString(),
            "--output",
            "json");
    JsonNode net = run.json().get(45);
    assertThat(net.get("metric").asText()).isEqualTo("net");
    assertThat(net.get("verdict").asText()).isEqualTo("ADVANCE");
  }

  private Path udacity() throws IOException {
    Path source = DATA.resolve("udacity_free_trial/free_trial_screener.csv");
    Assumptions.assumeTrue(Files.exists(source), "no data in " + DATA.toAbsolutePath());
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(source)) {
      String[] f = line.split(",", -1);
      if (!f[0].equals("date") && !f[4].isEmpty()) {
        String start = f[0] + "," + f[1] + "," + f[3] + ",";
        rows.add("gross,binary," + start + f[4] + ",abs:0.01");
        rows.add("net,binary," + start + f[5] + ",abs:0.0075");
      }
    }
    Collections.sort(rows);
    List<String> all = new ArrayList<>();
    all.add("test,metric,kind,time,variant,n,successes,margin");
    rows.forEach(r -> all.add("screener," + r));
    return Files.write(folder.resolve("udacity.csv"), all);
  }

  @Test
  void judge_theUdacityScreener() throws IOException {
    Run run = tidegate("judge", udacity().toString(), "--output", "json");
    assertThat(run.code).as(run.err).isZero();
    JsonNode rows = run.json();
    assertThat(rows).hasSize(46);
    JsonNode gross = rows.get(44);
    assertThat(gross.get("metric").asText()).isEqualTo("gross");
    assertThat(gross.get("time").asText()).isEqualTo("2014-11-02");
    assertThat(gross.get("units_control").asLong()).isEqualTo(17293);
    assertThat(gross.get("units_treatment").asLong()).isEqualTo(17260);
    assertThat(gross.get("effect_size").asDouble()).isCloseTo(-0.0206, within(0.0006));
    assertThat(gross.get("effect_size_lower").asDouble()).isLessThan(-0.0291);
    assertThat(gross.get("effect_size_upper").asDouble()).isBetween(-0.0120, 0.0);
    assertThat(gross.get("verdict").asText()).isEqualTo("ROLLBACK");
    JsonNode net = rows.get(45);
    assertThat(net.get("effect_size").asDouble()).isCloseTo(-0.0049, within(0.0003));
    assertThat(net.get("effect_size_lower").asDouble()).isLessThan(-0.0116);
    assertThat(net.get("verdict").asText()).isEqualTo("HOLD");
    assertThat(net.at("/reasons/0/code").asText()).isEqualTo("NOT_YET_SHOWN");
  }

  @Test
  void judge_writesCsvAndText() throws IOException {
    Path file =
        write(
            "test,metric,kind,time,variant,n,mean,variance",
            "t,latency,real,2024-01-01,control,5000,100,400",
            "t,latency,real,2024-01-01,b,5000,100.1,400",
            "t,latency,real,2024-01-01,c,5000,140,400");
    Run csv =
        tidegate(
            "judge", file.toString(), "--better", "down", "--margin", "0.1", "--output", "csv");
    assertThat(csv.out.lines().toList().get(0))
        .isEqualTo(
            "test,metric,time,treatment_variant_id,verdict,reasons,control,treatment,effect_size,"
                + "effect_size_lower,effect_size_upper,rel_effect_size,rel_effect_size_lower,"
                + "rel_effect_size_upper,e_value_log,p_value,units_control,units_treatment");
    assertThat(csv.out.lines().toList().get(1)).startsWith("t,latency,2024-01-01,b,ADVANCE,");
    assertThat(csv.out.lines().toList().get(2)).startsWith("t,latency,2024-01-01,c,ROLLBACK,");
    Run text = tidegate("judge", file.toString(), "--better", "down", "--margin", "0.1");
    assertThat(text.out.lines().toList()).hasSize(3);
    assertThat(text.out).contains("ROLLBACK").contains("5000");
  }

  @Test
  void judge_reportsEveryProblemWithRowAndColumn() throws IOException {
    Path file =
        write(
            "test,metric,kind,time,variant,n,mean,variance,successes",
            "t,m,binary,1,control,10,,,11",
            "t,m,binary,soon,control,ten,,,1",
            ",m,odd,1,b,10,1,1,",
            "t,r,real,1,b,10,x,-1,");
    Run run = tidegate("judge", file.toString());
    assertThat(run.code).isEqualTo(2);
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .contains("row 2, column successes: found 11: expected at most n = 10")
        .contains("row 3, column time: found soon")
        .contains("row 3, column n: found ten")
        .contains("row 4, column test: found nothing")
        .contains("row 4, column kind: found odd: expected binary, count or real")
        .contains("row 5, column mean: found x")
        .contains("row 5, column variance: found -1");
  }

  @Test
  void judge_refusesRowsOfAnotherWidthThanTheHeader() throws IOException {
    Path file =
        write(
            "test,metric,kind,time,variant,n,mean,variance,successes",
            "t,m,binary,1,control,2400,,240",
            "t,m,binary,1,b,2400,,,240,0");
    Run run = tidegate("judge", file.toString());
    assertThat(run.code).isEqualTo(2);
    assertThat(run.err.lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("row 2: found 8 fields: expected 9, one a column"))
        .anyMatch(line -> line.contains("row 3: found 10 fields: expected 9, one a column"));
  }

  @Test
  void judge_countsRowsThatAreWrongInTheSameWay() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("test,metric,kind,time,variant,n,successes");
    for (int i = 0; i < 200; i++) {
      lines.add("t,m,binary," + i + ",control,x,1");
    }
    Run run = tidegate("judge", Files.write(folder.resolve("in.csv"), lines).toString());
    assertThat(run.err.lines()).hasSize(6);
    assertThat(run.err)
        .contains("column n: found 195 more rows like these: expected a whole number from 0 up");
  }

  @Test
  void judge_refusesAFileItCannotUse() throws IOException {
    assertThat(tidegate("judge", "no-such.csv").err).contains("expected a CSV file");
    assertThat(tidegate("judge", write("test,metric").toString()).err)
        .contains("a column named kind")
        .contains("successes");
    Run noControl =
        tidegate(
            "judge",
            write("test,metric,kind,time,variant,n,successes", "t,m,binary,1,a,9,1").toString());
    assertThat(noControl.code).isEqualTo(2);
    assertThat(noControl.err)
        .contains("variants [a] lack the control control")
        .contains("--control");
    Run options = tidegate("judge", "x.csv", "--alpha", "2", "--margin", "abs:x");
    assertThat(options.err).contains("--alpha: found 2").contains("--margin: found abs:x");
  }

  @Test
  void judge_settingsMayBeColumns() throws IOException {
    Path file =
        write(
            "test,metric,kind,time,variant,n,successes,control,better,alpha-rollback,rollback",
            "t,m,binary,1,base,5000,500,base,down,0.01,abs:0.5",
            "t,m,binary,1,b,5000,900,base,down,0.01,abs:0.5");
    Run run = tidegate("judge", file.toString(), "--output", "json");
    assertThat(run.code).as(run.err).isZero();
    assertThat(run.json().at("/0/verdict").asText()).isEqualTo("REVIEW");
  }
}
