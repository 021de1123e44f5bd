using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Wrong use while tracing: an exception at once, whose message names the thing and the remedy.</summary>
public class ErrorTests
{
    [Fact]
    public void A_scalar_of_another_trace_cannot_be_an_operand()
    {
        Scalar leaked = Leaked();
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((Scalar b) => b * leaked), "one trace", "Pass the value as an argument");
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((Scalar b) => Scalar.Where(b > 0, b, leaked)), "one trace");
    }

    [Fact]
    public void A_scalar_of_another_trace_cannot_be_the_result()
    {
        Scalar leaked = Leaked();
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((Scalar _) => leaked), "one trace", "Pass the value as an argument");
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((Scalar b) => new Vector<Scalar>(b, leaked)), "one trace");
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((Rows r) => Rows.Of(r[0], leaked), [Shape.Rows(1)]), "one trace");
    }

    [Fact]
    public void A_group_element_of_another_trace_cannot_be_used()
    {
        SE3<Scalar> leaked = default;
        Function.Compile((SE3<Scalar> x) => (leaked = x.Inverse()).Log());
        AssertMessage<InvalidOperationException>(() =>
            Function.Compile((SE3<Scalar> x) => (leaked * x).Log()), "one trace");
        AssertMessage<InvalidOperationException>(() => Function.Compile((SE3<Scalar> _) => leaked), "one trace");
    }

    [Fact]
    public void A_position_of_another_trace_cannot_be_read() => AssertMessage<InvalidOperationException>(
        () => Function.Compile((Table table) => table.Interpolate(Leaked()), [Shape.Table(3)]), "one trace");

    [Fact]
    public void A_result_that_varies_by_row_is_returned_as_rows() => AssertMessage<ArgumentException>(
        () => Function.Compile((Scalar a, Rows rows) => a * rows[0], [Shape.Rows(1)]),
        "varies by row", "Rows.Of", "Rows.Sum");

    [Fact]
    public void A_group_element_that_varies_by_row_is_no_result() => AssertMessage<ArgumentException>(
        () => Function.Compile((SO2<Scalar> a, Rows rows) => a * SO2<Scalar>.FromAngle(rows[0]), [Shape.Rows(1)]),
        "varies by row");

    [Fact]
    public void A_vector_needs_a_shape() => AssertMessage<ArgumentException>(
        () => Function.Compile((Scalar a, Vector<Scalar> v) => a * v[0]), "Argument 1", "Vector", "pass a Shape");

    [Fact]
    public void Each_argument_without_a_shape_is_named()
    {
        AssertMessage<ArgumentException>(() => Function.Compile((Rows r) => Rows.Sum(r[0])), "Argument 0", "Rows");
        AssertMessage<ArgumentException>(
            () => Function.Compile((Vector<Scalar> v, Table t) => t.Interpolate(v[0]), [Shape.Vector(1)]),
            "Argument 1", "Table");
    }

    [Fact]
    public void Shapes_without_an_argument_are_refused() => AssertMessage<ArgumentException>(
        () => Function.Compile((Vector<Scalar> v) => v[0], [Shape.Vector(2), Shape.Vector(3), Shape.Rows(1)]),
        "2 more shapes");

    [Fact]
    public void A_shape_of_another_type_is_refused()
    {
        AssertMessage<ArgumentException>(() =>
            Function.Compile((Vector<Scalar> v) => v[0], [Shape.Table(3)]), "Argument 0", "Vector");
        AssertMessage<ArgumentException>(() =>
            Function.Compile((Vector<Scalar> v) => v[0], [Shape.Rows(3)]), "Argument 0", "Vector");
        AssertMessage<ArgumentException>(() =>
            Function.Compile((Rows r) => Rows.Sum(r[0]), [Shape.Vector(3)]), "Argument 0", "Rows");
        AssertMessage<ArgumentException>(() =>
            Function.Compile((Table t) => t.Interpolate(0), [Shape.Vector(1)]), "Argument 0", "Table");
    }

    [Fact]
    public void Rows_returned_without_a_row_array_are_refused() => AssertMessage<ArgumentException>(
        () => Function.Compile((Scalar a) => Rows.Of(a)), "without a row array");

    [Fact]
    public void A_sum_of_a_literal_is_refused() => AssertMessage<ArgumentException>(
        () => Function.Compile((Rows r) => Rows.Sum(2.5) + Rows.Sum(r[0]), [Shape.Rows(1)]),
        "literal 2.5", "number of rows");

    [Fact]
    public void A_sum_in_a_function_without_rows_is_refused() => AssertMessage<ArgumentException>(
        () => Function.Compile((Scalar a) => Rows.Sum(a)), "without a row array");

    [Fact]
    public void A_table_takes_as_many_coordinates_as_it_has_dimensions()
    {
        AssertMessage<ArgumentException>(
            () => Function.Compile((Scalar x, Table t) => t.Interpolate(x), [Shape.Table(4, 4)]),
            "2 dimensions", "1 coordinates");
        AssertMessage<ArgumentException>(
            () => Function.Compile((Scalar x, Table t) => t.Interpolate(x, x, x), [Shape.Table(4, 4)]),
            "2 dimensions", "3 coordinates");
        AssertMessage<ArgumentException>(
            () => Function.Compile((Scalar x, Table t) => t.Interpolate() * x, [Shape.Table(4)]),
            "1 dimensions", "0 coordinates");
    }

    [Fact]
    public void A_table_is_no_result() => AssertMessage<NotSupportedException>(
        () => Function.Compile((Table t) => t, [Shape.Table(4)]), "cannot be returned");

    [Fact]
    public void A_tangent_of_the_wrong_length_is_refused() => AssertMessage<ArgumentException>(
        () => Function.Compile((SE3<Scalar> x, Vector<Scalar> v) => x.Retract(v), [Shape.Vector(5)]),
        "length 6", "found 5");

    [Fact]
    public void Vectors_of_different_lengths_do_not_mix() => AssertMessage<ArgumentException>(
        () => Function.Compile((Vector<Scalar> a, Vector<Scalar> b) => a + b, [Shape.Vector(2), Shape.Vector(3)]),
        "2 and 3");

    [Fact]
    public void A_Jacobian_by_rows_or_by_what_is_not_there_is_refused()
    {
        Function function = Function.Compile((Scalar a, Rows rows) => Rows.Sum(a * rows[0]), [Shape.Rows(1)]);
        AssertMessage<ArgumentException>(() => function.WithRespectTo(1), "Parameter 1", "gradients only");
        AssertMessage<ArgumentException>(() => function.WithRespectTo(2), "Parameter 2", "there are 2");
        AssertMessage<ArgumentException>(() => function.WithRespectTo(-1), "Parameter -1");
    }

    [Fact]
    public void A_number_does_not_record() => AssertMessage<NotSupportedException>(
        () => Recorded<Float64>(), "Float64 computes", "SO2.Log");

    private static void Recorded<T>()
        where T : struct, IScalar<T> => T.Record(SO2<Scalar>.Operations.Log, [1.0, 0.0], new T[1]);

    private static Scalar Leaked()
    {
        Scalar leaked = default;
        Function.Compile((Scalar a) => leaked = Scalar.Sin(a + 1));
        return leaked;
    }

    private static void AssertMessage<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        string message = Assert.Throws<TException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
    }
}
