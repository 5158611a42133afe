package io.tidegate.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TablesTest {

  /** Reserved in Flink SQL, Spark SQL (ANSI) or Trino, as far as a column could be so called. */
  private static final Set<String> RESERVED =
      Set.of(
          ("abs all allocate alter and any are array as asymmetric at atomic authorization avg begin"
                  + " between bigint binary blob boolean both by call cardinality case cast ceil"
                  + " char character check clob close coalesce collate collect column commit"
                  + " condition connect constraint contains convert corr corresponding count create"
                  + " cross cube current cursor cycle date datetime day deallocate dec decimal"
                  + " declare default define delete deref describe distinct double drop dynamic"
                  + " each element else empty end equals escape every except exec execute exists"
                  + " exp explain external extract false fetch filter first_value float floor for"
                  + " foreign frame free from full function fusion get global grant group grouping"
                  + " groups having hold hour identity import in indicator initial inner inout"
                  + " insert int integer intersect interval into is join lag language large"
                  + " last_value lateral lead leading left like limit ln local localtime lower"
                  + " match matches max measures member merge method min minus minute mod modifies"
                  + " module month more multiset national natural new next no none normalize not"
                  + " null numeric offset old omit on one only open or order out outer over"
                  + " overlaps overlay parameter partition pattern per percent period permute"
                  + " portion position power precedes precision prepare prev primary procedure"
                  + " range rank real recursive ref references reset result return returns revoke"
                  + " right rollback rollup row rows savepoint scope scroll search second seek"
                  + " select set show similar skip smallint some specific sql start static"
                  + " stream submultiset substring succeeds sum symmetric system table tablesample"
                  + " then time timestamp tinyint to trailing translate trim true truncate uescape"
                  + " union unique unknown unnest update upper upsert user using value values"
                  + " variant versioning view when whenever where width window with within without"
                  + " year")
              .split(" "));

  /** Iceberg's own names for the parts of lists and maps. */
  private static final Set<String> INSIDE_CONTAINERS = Set.of("element", "key", "value");

  @ParameterizedTest
  @FieldSource("io.tidegate.codec.Tables#ALL")
  void every_column_is_documented_and_needs_no_quotes(TableDefinition table) {
    for (Types.NestedField column : table.schema().columns()) {
      assertThat(column.doc()).as(table.name() + "." + column.name()).isNotBlank();
    }
    assertThat(TypeUtil.indexById(table.schema().asStruct()).values())
        .extracting(Types.NestedField::name)
        .filteredOn(name -> !INSIDE_CONTAINERS.contains(name))
        .allSatisfy(name -> assertThat(name).matches("[a-z_][a-z0-9_]*"))
        .doesNotContainAnyElementsOf(RESERVED);
  }

  @ParameterizedTest
  @FieldSource("io.tidegate.codec.Tables#ALL")
  void tables_are_partitioned_by_the_day_of_a_time(TableDefinition table) {
    assertThat(table.partitionSpec().fields())
        .singleElement()
        .satisfies(field -> assertThat(field.transform()).hasToString("day"));
  }

  @Test
  void flink_script_in_the_repository_is_the_generated_one() throws IOException {
    Path file = Path.of("sql/flink/ddl.sql");
    if (Boolean.getBoolean("tidegate.update")) {
      Files.writeString(file, TableDdl.flinkScript());
    }
    assertThat(file).hasContent(TableDdl.flinkScript());
  }
}
