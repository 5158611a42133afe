package io.tidegate.connector.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping;
import io.tidegate.spec.ImportMappings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAD = "apiVersion: tidegate.io/v1\nkind: Mapping\n";
  private static final String PLAYERS =
      HEAD
          + """
          input: {format: csv}
          rows: unit
          unit: "${id}"
          exposure:
            flag: gate
            variant: "${version}"
            clock: {start: "2026-01-05T00:00:00Z", step: PT5S, rank: "${id}"}
            attributes: {country: "${country}"}
          outcomes:
            - {name: back, if: "${back}", after: P1D}
            - {name: rounds, value: "${rounds}", after: PT1H, attributes: {id: "p-${id}/${row}"}}
          """;
  private static final String ORDERS =
      HEAD
          + """
          input: {format: whitespace, columns: [customer, date, dollars], header: false}
          rows: event
          unit: "${customer}"
          exposure:
            flag: shop
            variant: {hash: "${customer}", split: {a: 1, b: 1}}
            clock: {at: "${date}", format: yyyyMMdd}
          outcomes:
            - {name: purchase, value: "${dollars}", clock: {at: "${date}", format: yyyyMMdd}}
          """;

  @TempDir private Path folder;
  private final List<JsonNode> events = new ArrayList<>();
  private final List<Importer.Rejected> rejected = new ArrayList<>();

  private static ImportMapping mapping(String yaml) {
    return ImportMappings.parse("map.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.txt"), text);
  }

  private Importer.Summary run(String yaml, Path file, int memoryEvents) {
    events.clear();
    return new Importer(mapping(yaml), file, rejected::add, memoryEvents)
        .run((exposure, timeMs, unit, json) -> events.add(JSON.readTree(json)));
  }

  private List<String> shown() {
    return events.stream()
        .map(
            e ->
                e.path("event_time").asLong() / 1000
                    + " "
                    + e.path("unit_id").asText()
                    + " "
                    + e.path("variant").asText(e.path("name").asText())
                    + (e.has("value") ? " " + e.path("value").asText() : ""))
        .toList();
  }

  @Test
  void run_rowPerUnit_ranksUnitsByNumberAndSortsByTime() throws IOException {
    Path file = file("id,version,country,back,rounds\n10,on,DE,TRUE,3.25\n9,off,,FALSE,0\n");
    Importer.Summary summary = run(PLAYERS, file, 100);
    long start = 1_767_571_200L;
    assertThat(shown())
        .containsExactly(
            start + " 9 off",
            (start + 5) + " 10 on",
            (start + 3600) + " 9 rounds 0",
            (start + 3605) + " 10 rounds 3.25",
            (start + 86405) + " 10 back");
    assertThat(events.get(1).path("attributes").path("country").asText()).isEqualTo("DE");
    assertThat(events.get(0).path("attributes")).isEmpty();
    assertThat(events.get(3).path("attributes").path("id").asText()).isEqualTo("p-10/1");
    assertThat(summary.rows()).isEqualTo(2);
    assertThat(summary.exposures()).isEqualTo(2);
    assertThat(summary.outcomes()).isEqualTo(3);
    assertThat(summary.lastMs()).isEqualTo((start + 86405) * 1000);
  }

  @Test
  void run_rowPerEvent_exposesAtTheEarliestRowWhereverItStands() throws IOException {
    Path file = file("1 19970105 2.00\n1 19970103 5.50\n2 19970104 0.00\n1 19970103 5.50\n");
    run(ORDERS, file, 100);
    assertThat(shown())
        .satisfiesExactly(
            e -> assertThat(e).matches("852249600 1 [ab]"),
            e -> assertThat(e).isEqualTo("852249600 1 purchase 5.5"),
            e -> assertThat(e).isEqualTo("852249600 1 purchase 5.5"),
            e -> assertThat(e).matches("852336000 2 [ab]"),
            e -> assertThat(e).isEqualTo("852336000 2 purchase 0"),
            e -> assertThat(e).isEqualTo("852422400 1 purchase 2"));
    assertThat(events.stream().map(e -> e.path("event_id").asText())).doesNotHaveDuplicates();
  }

  @Test
  void run_spillingOrNot_givesTheSameEvents() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      rows.append(i % 97).append(" 1997010").append(1 + i * 7 % 9).append(' ').append(i);
      rows.append(".10\n");
    }
    Path file = file(rows.toString());
    run(ORDERS, file, 10_000);
    List<JsonNode> inMemory = List.copyOf(events);
    run(ORDERS, file, 16);
    assertThat(events).isEqualTo(inMemory).hasSize(597);
  }

  @Test
  void run_badRows_areReportedEachAndGiveNoEvent() throws IOException {
    Path file =
        file(
            """
            id,version,country,back,rounds
            1,on,DE,maybe,3
            2,on,DE,TRUE,many
            3,on,DE
            ,on,DE,TRUE,3
            5,,DE,TRUE,3
            6,on,DE,TRUE,1e40
            7,on,DE,TRUE,8
            """);
    Importer.Summary summary = run(PLAYERS, file, 100);
    assertThat(rejected.stream().map(r -> r.row() + " " + r.reason()))
        .containsExactly(
            "1 NOT_A_NUMBER",
            "2 NOT_A_NUMBER",
            "3 MISSING_FIELD",
            "4 MISSING_FIELD",
            "5 MISSING_FIELD",
            "6 OUT_OF_RANGE");
    assertThat(rejected.get(1).problem())
        .isEqualTo("outcomes[1].value: found many: expected a decimal number");
    assertThat(summary.rows()).isEqualTo(7);
    assertThat(summary.rejectedRows()).isEqualTo(6);
    assertThat(summary.rejected()).containsEntry(DeadLetterReason.MISSING_FIELD, 3L);
    assertThat(events).hasSize(3);
  }

  @Test
  void run_gzipAndTabs_areRead() throws IOException {
    Path file = folder.resolve("rows.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          "id\tversion\tcountry\tback\trounds\n1\t\"on\"\tDE\t0\t3\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    run(PLAYERS.replace("format: csv", "format: tsv"), file, 100);
    assertThat(shown()).containsExactly("1767571200 1 on", "1767574800 1 rounds 3");
  }

  @Test
  void run_parquet_readsEveryColumnAsText() throws SQLException {
    Path file = folder.resolve("rows.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "copy (select 7::bigint as id, 'on' as version, null::varchar as country, true as back,"
              + " 2.50::decimal(9, 2) as rounds, timestamp '2026-02-03 04:05:06' as seen,"
              + " [1, 2] as list) to '"
              + file
              + "' (format parquet)");
    }
    run(
        PLAYERS
            .replace("format: csv", "format: parquet")
            .replace(
                "{start: \"2026-01-05T00:00:00Z\", step: PT5S, rank: \"${id}\"}",
                "{at: \"${seen}\", zone: Europe/Berlin}"),
        file,
        100);
    assertThat(shown())
        .containsExactly("1770087906 7 on", "1770091506 7 rounds 2.5", "1770174306 7 back");
  }

  @Test
  void run_unknownColumns_areAllReported() throws IOException {
    Path file = file("id,version,land,back,round\n");
    assertThatThrownBy(() -> run(PLAYERS, file, 100))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("exposure.attributes.country: found country")
        .hasMessageContaining("outcomes[1].value: found rounds")
        .hasMessageContaining("did you mean round?");
  }
}
