package io.pipelinev2.runner.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However long a row is, few points are shown of it, and no extreme is lost. */
class CurveTest {

    @Test
    void a_short_row_is_shown_as_it_is() {
        Curve curve = new Curve(2000);
        List<Curve.Point> all = LongStream.range(0, 900)
                .mapToObj(i -> new Curve.Point(i, i, i % 7))
                .toList();
        all.forEach(curve::add);

        assertThat(curve.points()).isEqualTo(all);
    }

    @Test
    void nothing_is_shown_of_nothing() {
        assertThat(new Curve(10).points()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10, 11", "10, 100000", "100, 12345", "2000, 2001", "2000, 3999", "2000, 525600"})
    void a_long_row_keeps_its_ends_its_order_and_its_extremes(int most, int count) {
        Random random = new Random(7);
        double[] values = random.doubles(count).toArray();
        values[count / 3] = -5;
        values[2 * count / 3] = 9;
        Curve curve = new Curve(most);
        for (int i = 0; i < count; i++) {
            curve.add(new Curve.Point(i, 0, values[i]));
        }

        List<Curve.Point> points = curve.points();

        assertThat(curve.count()).isEqualTo(count);
        assertThat(points).hasSizeBetween(most / 4, most);
        assertThat(points).extracting(Curve.Point::step).isSorted().doesNotHaveDuplicates();
        assertThat(points).allSatisfy(point -> assertThat(point.value()).isEqualTo(values[(int) point.step()]));
        assertThat(points).contains(new Curve.Point(count / 3, 0, -5), new Curve.Point(2 * count / 3, 0, 9));
        assertThat(points.get(0).step()).isZero();
        assertThat(points.get(points.size() - 1).step()).isEqualTo(count - 1);
    }
}
