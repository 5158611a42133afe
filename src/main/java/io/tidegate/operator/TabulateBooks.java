package io.tidegate.operator;

import io.tidegate.analysis.impact.ImpactBooks;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.analysis.impact.ImpactTables;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.StageComparison;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Adds up the parts of each attempt and, at the end of the input, says what they come to. */
@SuppressWarnings("NullAway.Init")
public final class TabulateBooks extends AbstractStreamOperator<ImpactEstimate>
    implements OneInputStreamOperator<BookPart, ImpactEstimate>, BoundedOneInput {

  public static final OutputTag<RetentionPoint> RETENTION =
      new OutputTag<>("retention", TypeInformation.of(RetentionPoint.class));

  public static final OutputTag<RevenuePoint> REVENUE =
      new OutputTag<>("revenue", TypeInformation.of(RevenuePoint.class));

  public static final OutputTag<StageComparison> COMPARISONS =
      new OutputTag<>("comparisons", TypeInformation.of(StageComparison.class));

  private static final long serialVersionUID = 1L;

  private final ImpactScope scope;
  private final int horizonSlices;
  private transient ImpactBooks books;

  public TabulateBooks(ImpactScope scope, int horizonSlices) {
    this.scope = scope;
    this.horizonSlices = horizonSlices;
  }

  @Override
  public void open() throws Exception {
    super.open();
    books = new ImpactBooks(scope, horizonSlices);
  }

  @Override
  public void processElement(StreamRecord<BookPart> element) {
    BookPart part = element.getValue();
    books.merge(part.id(), part.sums);
  }

  @Override
  public void endInput() {
    for (ImpactTables tables : books.tables()) {
      tables.retention().forEach(r -> output.collect(RETENTION, new StreamRecord<>(r)));
      tables.revenue().forEach(r -> output.collect(REVENUE, new StreamRecord<>(r)));
      tables.comparisons().forEach(r -> output.collect(COMPARISONS, new StreamRecord<>(r)));
      tables.effects().forEach(r -> output.collect(new StreamRecord<>(r)));
    }
  }
}
