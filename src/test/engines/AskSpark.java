import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Asks Spark every query of a folder: {@code AskSpark CATALOG.conf URI WAREHOUSE FOLDER ANSWERS.json}. Writes by name of the
 * query its columns and rows; numbers and times as text.
 */
public final class AskSpark {

  public static void main(String[] args) throws Exception {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1");
    Properties catalog = new Properties();
    try (var in = Files.newBufferedReader(Path.of(args[0]))) {
      catalog.load(in);
    }
    catalog.setProperty("spark.sql.catalog.tidegate.uri", args[1]);
    catalog.setProperty("spark.sql.catalog.tidegate.warehouse", args[2]);
    catalog.stringPropertyNames().forEach(k -> builder.config(k, catalog.getProperty(k)));
    Map<String, Object> answers = new TreeMap<>();
    try (SparkSession spark = builder.getOrCreate();
        var files = Files.list(Path.of(args[3]))) {
      spark.sql("USE tidegate.tidegate");
      for (Path file : files.sorted().toList()) {
        Dataset<Row> answer = spark.sql(Files.readString(file));
        List<List<Object>> rows = new ArrayList<>();
        for (Row row : answer.collectAsList()) {
          rows.add(cells(row));
        }
        answers.put(
            file.getFileName().toString().replace(".sql", ""),
            Map.of("columns", List.of(answer.columns()), "rows", rows));
      }
    }
    new ObjectMapper().writeValue(Path.of(args[4]).toFile(), answers);
  }

  private static List<Object> cells(Row row) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object cell = row.get(i);
      cells.add(cell instanceof Timestamp t ? t.toInstant().toString() : cell == null ? null : cell.toString());
    }
    return cells;
  }
}
