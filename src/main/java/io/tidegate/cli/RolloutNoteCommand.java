package io.tidegate.cli;

import io.tidegate.model.RolloutEvent.ActionItem;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a remark and things to be done beside the evidence. */
@Command(
    name = "note",
    mixinStandardHelpOptions = true,
    description = "Keep a remark, and things to be done, beside the evidence.")
final class RolloutNoteCommand implements Callable<Integer> {

  @Mixin private RolloutMessage message;

  @Parameters(index = "0", paramLabel = "ROLLOUT", description = "Id of the rollout.")
  private String rolloutId;

  @Parameters(index = "1", paramLabel = "TEXT", description = "The remark.")
  private String text;

  @Option(
      names = "--action",
      paramLabel = "TEXT;OWNER;DUE",
      description = "Something to be done, by whom and until when.")
  private List<String> actions = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutNoteCommand() {}

  @Override
  public Integer call() {
    List<ActionItem> items = actions.stream().map(RolloutNoteCommand::item).toList();
    message.send(message.event(rolloutId, Kind.NOTE).note(text).actionItems(items).build());
    return Tidegate.OK;
  }

  private static ActionItem item(String action) {
    String[] parts = action.split(";", -1);
    if (parts.length != 3 || parts[0].isBlank()) {
      throw new UserError(
          "--action", "", action, "text;owner;due, such as \"check refunds;ana;2026-01-31\"");
    }
    return new ActionItem(parts[0].strip(), parts[1].strip(), parts[2].strip());
  }
}
