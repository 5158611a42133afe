package io.tidegate.connector;

import io.tidegate.codec.TableDefinition;
import io.tidegate.codec.Tables;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.types.Types;

/** Ways to the Iceberg catalog that a configuration names. */
public final class Catalogs {

  private static final String JDBC_CATALOG = "org.apache.iceberg.jdbc.JdbcCatalog";
  private static final int TIMEOUT_S = 10;

  /** By today's name of a column the one it had before. */
  private static final Map<String, String> NAMED_BEFORE = Map.of("_topic_partition", "_partition");

  private static final Map<CatalogConfig, Catalog> SHARED = new ConcurrentHashMap<>();

  /** A file answers by itself; a machine that is busy with other work may be slow to open it. */
  private static final int FILE_TIMEOUT_S = 30;

  private Catalogs() {}

  public static CatalogLoader loader(CatalogConfig config) {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", LocalFiles.class, FileSystem.class);
    return switch (config.type()) {
      case JDBC -> CatalogLoader.custom(config.name(), properties(config), hadoop, JDBC_CATALOG);
      case REST -> CatalogLoader.rest(config.name(), hadoop, properties(config));
    };
  }

  /** Properties under which Iceberg, in any engine, opens this catalog. */
  public static Map<String, String> properties(CatalogConfig config) {
    Map<String, String> properties = new HashMap<>();
    properties.put("uri", config.uri());
    if (!config.warehouse().isEmpty()) {
      properties.put("warehouse", config.warehouse());
    }
    if (config.type() == CatalogConfig.Type.JDBC) {
      properties.put("jdbc.schema-version", "V1");
    }
    properties.putAll(config.properties());
    return properties;
  }

  public static TableLoader table(CatalogConfig config, String table) {
    return TableLoader.fromCatalog(loader(config), identifier(config, table));
  }

  public static TableIdentifier identifier(CatalogConfig config, String table) {
    return TableIdentifier.of(config.namespace(), table);
  }

  /**
   * Opens the catalog and asks it one question. Throws a UserError where it does not answer within
   * ten seconds, or thirty where it is a file.
   */
  public static Catalog open(CatalogConfig config) {
    int timeoutS = config.uri().startsWith("jdbc:sqlite:") ? FILE_TIMEOUT_S : TIMEOUT_S;
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread daemon = new Thread(task, "open-catalog");
              daemon.setDaemon(true);
              return daemon;
            });
    try {
      return thread.submit(() -> answering(config)).get(timeoutS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw unreachable(config, "no answer within " + timeoutS + " s");
    } catch (ExecutionException e) {
      throw unreachable(config, reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(config, "interrupted");
    } finally {
      thread.shutdownNow();
    }
  }

  /**
   * The catalog as this process has it open, opened when first asked for; never to be closed. A job
   * reads many tables, and every opened catalog holds connections.
   */
  public static Catalog shared(CatalogConfig config) {
    return SHARED.computeIfAbsent(config, Catalogs::open);
  }

  private static Catalog answering(CatalogConfig config) {
    Catalog catalog = loader(config).loadCatalog();
    catalog.tableExists(identifier(config, "exposures"));
    return catalog;
  }

  /** {@link #createMissing(CatalogConfig, Catalog)} in the catalog as this process has it open. */
  public static void createMissing(CatalogConfig config) {
    createMissing(config, shared(config));
  }

  /**
   * Creates the namespace and the tables that do not exist, adds columns that an older version did
   * not have, renames those it named otherwise and puts them in the order of the definition, by
   * which rows are filled; never removes one.
   */
  public static void createMissing(CatalogConfig config, Catalog catalog) {
    Namespace namespace = Namespace.of(config.namespace());
    if (catalog instanceof SupportsNamespaces namespaces
        && !namespaces.namespaceExists(namespace)) {
      namespaces.createNamespace(namespace);
    }
    for (TableDefinition table : Tables.ALL) {
      TableIdentifier identifier = identifier(config, table.name());
      if (catalog.tableExists(identifier)) {
        Table existing = catalog.loadTable(identifier);
        addColumns(existing, table.schema());
        orderColumns(existing, table.schema());
      } else {
        catalog.createTable(identifier, table.schema(), table.partitionSpec(), table.properties());
      }
    }
  }

  private static void addColumns(Table existing, Schema wanted) {
    UpdateSchema update = existing.updateSchema();
    boolean changed = false;
    for (Types.NestedField column : wanted.columns()) {
      if (existing.schema().findField(column.name()) != null) {
        continue;
      }
      String before = NAMED_BEFORE.get(column.name());
      if (before != null && existing.schema().findField(before) != null) {
        update.renameColumn(before, column.name());
      } else {
        update.addColumn(column.name(), column.type(), column.doc());
      }
      changed = true;
    }
    if (changed) {
      update.commit();
    }
  }

  /** Columns that the definition does not know come last. */
  private static void orderColumns(Table existing, Schema wanted) {
    List<String> names = names(wanted);
    List<String> present = names(existing.schema());
    if (present.subList(0, names.size()).equals(names)) {
      return;
    }
    UpdateSchema update = existing.updateSchema().moveFirst(names.get(0));
    for (int i = 1; i < names.size(); i++) {
      update.moveAfter(names.get(i), names.get(i - 1));
    }
    update.commit();
  }

  private static List<String> names(Schema schema) {
    return schema.columns().stream().map(Types.NestedField::name).toList();
  }

  private static UserError unreachable(CatalogConfig config, String why) {
    return new UserError(
        List.of(
            new Problem(
                "catalog.uri",
                "",
                ConfigReader.withoutSecrets(config.uri()),
                "a reachable Iceberg catalog (" + ConfigReader.withoutSecrets(why) + ")")));
  }

  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    String line = message == null ? root.getClass().getSimpleName() : message;
    return line.lines().findFirst().orElse(root.getClass().getSimpleName());
  }
}
