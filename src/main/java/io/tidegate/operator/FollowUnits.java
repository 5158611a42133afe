package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.impact.ImpactBooks;
import io.tidegate.analysis.impact.ImpactScope;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Follows units through the attempts of a scope; emits the sums at the end of the input. Batch
 * mode's sorted input brings all events of a unit together, so that one unit is held at a time and
 * nothing is kept as state.
 */
@SuppressWarnings("NullAway.Init")
public final class FollowUnits extends AbstractStreamOperator<BookPart>
    implements OneInputStreamOperator<Point, BookPart>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private final ImpactScope scope;
  private final int horizonSlices;
  private transient ImpactBooks books;
  private transient List<Point> unit;
  private transient EventTally used;
  private transient EventTally duplicate;

  public FollowUnits(ImpactScope scope, int horizonSlices) {
    this.scope = scope;
    this.horizonSlices = horizonSlices;
  }

  @Override
  public void open() throws Exception {
    super.open();
    books = new ImpactBooks(scope, horizonSlices);
    unit = new ArrayList<>();
    used = EventTally.of(getRuntimeContext(), EventTally.USED);
    duplicate = EventTally.of(getRuntimeContext(), EventTally.DUPLICATE);
  }

  @Override
  public void processElement(StreamRecord<Point> element) {
    Point point = element.getValue();
    if (!unit.isEmpty() && unit.get(0).unitKey != point.unitKey) {
      follow();
    }
    unit.add(point.copy());
  }

  private void follow() {
    ImpactBooks.Followed followed = books.follow(unit);
    duplicate.add(followed.copies());
    used.add(followed.used());
    unit.clear();
  }

  @Override
  public void endInput() {
    if (!unit.isEmpty()) {
      follow();
    }
    books
        .toBytes()
        .forEach((id, sums) -> output.collect(new StreamRecord<>(BookPart.of(id, sums))));
  }
}
