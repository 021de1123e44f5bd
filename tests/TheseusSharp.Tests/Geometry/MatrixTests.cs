using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Geometry;

public class MatrixTests
{
    private static readonly Matrix<Float64> s_a = new(2, 3, 1, 2, 3, 4, 5, 6);
    private static readonly Matrix<Float64> s_b = new(3, 2, 1, 0, -1, 2, 0.5, 1);

    [Fact]
    public void Entries_lie_row_by_row()
    {
        Assert.Equal((2, 3), (s_a.Rows, s_a.Columns));
        Assert.Equal(3.0, s_a[0, 2].Value);
        Assert.Equal(4.0, s_a[1, 0].Value);
        Assert.Equal($"[1, 2, 3]{Environment.NewLine}[4, 5, 6]{Environment.NewLine}", s_a.ToString());
    }

    [Fact]
    public void Arithmetic_is_that_of_matrices()
    {
        AssertEqual(new(2, 3, 2, 4, 6, 8, 10, 12), s_a + s_a);
        AssertEqual(Matrix<Float64>.Zero(2, 3), s_a - s_a);
        AssertEqual(new(2, 3, 2, 4, 6, 8, 10, 12), (Float64)2 * s_a);
        AssertEqual(new(2, 2, 0.5, 7, 2, 16), s_a * s_b);
        AssertEqual(new(3, 2, 1, 4, 2, 5, 3, 6), s_a.Transpose());
        Assert.Equal([14, 32], (s_a * new Vector<Float64>(1, 2, 3)).AsSpan().ToArray());
        AssertEqual(s_a, s_a * Matrix<Float64>.Identity(3));
        AssertEqual(s_a, Matrix<Float64>.Identity(2) * s_a);
    }

    [Fact]
    public void Products_with_spans_agree_with_products()
    {
        var (forward, backward) = (new Float64[2], new Float64[3]);
        s_a.Multiply([1, 2, 3], forward);
        s_a.MultiplyTransposed([1, -1], backward);
        Assert.Equal([14, 32], forward);
        Assert.Equal([-3, -3, -3], backward);
    }

    [Fact]
    public void Cross_product_matrix_takes_the_cross_product()
    {
        Point3<Float64> v = new(1, -2, 3), p = new(0.5, 4, -1);
        Vector<Float64> product = Matrix<Float64>.Cross(v) * p.ToVector();
        Assert.Equal(v.Cross(p).ToStorage(), product.AsSpan().ToArray());
    }

    [Fact]
    public void Upper_blocks_are_put_in_place() => AssertEqual(
        new(4, 4, 1, 2, 5, 6, 3, 4, 7, 8, 0, 0, 9, 10, 0, 0, 11, 12),
        Matrix<Float64>.UpperBlocks(new(2, 2, 1, 2, 3, 4), new(2, 2, 5, 6, 7, 8), new(2, 2, 9, 10, 11, 12)));

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        AssertRefused("A 2×2 matrix has 4 entries, not 3.", () => new Matrix<Float64>(2, 2, 1, 2, 3));
        AssertRefused("Shapes differ: 2×3 and 3×2.", () => s_a + s_b);
        AssertRefused("Shapes differ: 2×3 and 3×2.", () => s_a - s_b);
        AssertRefused("A 2×3 matrix cannot multiply a 2×3 one: inner sizes must agree.", () => s_a * s_a);
        AssertRefused("A 2×3 matrix cannot multiply a vector of length 2.", () => s_a * new Vector<Float64>(1, 2));
        AssertRefused("A 2×3 matrix cannot multiply a vector of length 4.", () => s_a * Vector<Float64>.Zero(4));
    }

    private static void AssertRefused(string message, Func<object> call) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(call).Message);

    private static void AssertEqual(Matrix<Float64> expected, Matrix<Float64> actual)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        Assert.Equal(expected.Entries.ToArray(), actual.Entries.ToArray());
    }
}
