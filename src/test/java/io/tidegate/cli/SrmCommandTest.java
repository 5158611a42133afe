package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SrmCommandTest {

  private static final Path DATA = Path.of(System.getProperty("tidegate.data", "../shared/data"));

  @TempDir private Path folder;

  private JsonNode srm(List<String> lines, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("srm", "--output", "json"));
    args.add(Files.write(folder.resolve("in.csv"), lines).toString());
    args.addAll(List.of(options));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Tidegate.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void srm_theWorkedExamples() throws IOException {
    Path source = DATA.resolve("worked_examples.json");
    Assumptions.assumeTrue(Files.exists(source), "no data in " + DATA.toAbsolutePath());
    List<String> lines = new ArrayList<>(List.of("test,variant,count"));
    List<JsonNode> examples = new ArrayList<>();
    for (JsonNode e : new ObjectMapper().readTree(source.toFile())) {
      if (e.get("kind").asText().equals("srm")) {
        examples.add(e);
        for (int i = 0; i < e.get("observed").size(); i++) {
          lines.add(e.get("id").asText() + ",v" + i + "," + e.get("observed").get(i));
        }
      }
    }
    JsonNode rows = srm(lines);
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(rows.get(i).get("p_value_chisq").asDouble())
          .isCloseTo(
              examples.get(i).get("published_p").asDouble(),
              within(examples.get(i).get("tol").asDouble()));
    }
    assertThat(rows.findValuesAsText("verdict")).containsExactly("mismatch", "ok", "mismatch");
  }

  @Test
  void srm_declaredSharesAndSeveralVariants() throws IOException {
    List<String> lines = List.of("test,variant,count", "t,a,8990", "t,b,510", "t,c,500", "u,a,1");
    JsonNode rows = srm(lines, "--expected", "a=90,b=5,c=5");
    assertThat(rows.at("/0/verdict").asText()).isEqualTo("ok");
    assertThat(rows.at("/0/n").asLong()).isEqualTo(10_000);
    assertThat(srm(lines).at("/0/verdict").asText()).isEqualTo("mismatch");
  }

  @Test
  void srm_keepsTheStrongestEvidenceOverTime() throws IOException {
    List<String> lines = new ArrayList<>(List.of("test,time,variant,count"));
    lines.add("t,2024-01-01,a,1000");
    lines.add("t,2024-01-01,b,700");
    lines.add("t,2024-01-02,a,100000");
    lines.add("t,2024-01-02,b,100300");
    JsonNode row = srm(lines).get(0);
    assertThat(row.get("verdict").asText()).isEqualTo("mismatch");
    assertThat(row.get("p_value").asDouble())
        .isCloseTo(Math.exp(-row.get("e_value_log").asDouble()), within(1e-12));
    assertThat(row.get("p_value_chisq").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void srm_withoutUnitsOrASecondVariantCannotSay() throws IOException {
    JsonNode rows = srm(List.of("test,variant,count", "t,a,5", "u,a,0", "u,b,0"));
    assertThat(rows.at("/0/verdict").asText()).isEqualTo("cannot_say");
    assertThat(rows.at("/1/verdict").asText()).isEqualTo("cannot_say");
    assertThat(rows.at("/1/p_value").isNull()).isTrue();
  }

  @Test
  void srm_reportsEveryProblem() throws IOException {
    Path file =
        Files.write(
            folder.resolve("in.csv"), List.of("test,variant,count", "t,a,-1", "t,z,1.5", ",b,"));
    StringWriter err = new StringWriter();
    int code =
        Tidegate.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            "srm",
            file.toString(),
            "--expected",
            "a=1,b=1");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains("row 2, column count: found -1: expected a whole number from 0 up")
        .contains("row 3, column variant: found z: expected one of --expected [a, b]")
        .contains("row 3, column count: found 1.5")
        .contains("row 4, column test: found nothing")
        .contains("row 4, column count: found nothing");
  }
}
