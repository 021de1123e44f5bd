using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Geometry;

public class VectorTests
{
    private static readonly Vector<Float64> s_a = [1, -2, 3];
    private static readonly Vector<Float64> s_b = [4, 0.5, -1];

    [Fact]
    public void Arithmetic_is_entry_by_entry()
    {
        AssertEqual([5, -1.5, 2], s_a + s_b);
        AssertEqual([-3, -2.5, 4], s_a - s_b);
        AssertEqual([4, -1, -3], s_a * s_b);
        AssertEqual([0.25, -4, -3], s_a / s_b);
        AssertEqual([-1, 2, -3], -s_a);
        AssertEqual([2, -4, 6], (Float64)2 * s_a);
        AssertEqual([2, -4, 6], s_a * (Float64)2);
        AssertEqual([0.5, -1, 1.5], s_a / (Float64)2);
    }

    [Fact]
    public void Products_and_norms()
    {
        Assert.Equal(0.0, s_a.Dot(s_b).Value);
        Assert.Equal(14.0, s_a.SquaredNorm().Value);
        Assert.Equal(5.0, new Vector<Float64>(3, -4).Norm().Value);
        Matrix<Float64> outer = s_a.Outer([10, 100]);
        Assert.Equal((3, 2), (outer.Rows, outer.Columns));
        AssertEqual([10, 100, -20, -200, 30, 300], new(outer.Entries.ToArray()));
    }

    [Fact]
    public void Parts_are_taken_and_joined()
    {
        AssertEqual([1, -2, 3, 4, 0.5, -1], s_a.Concat(s_b));
        AssertEqual([-2, 3], s_a.Slice(1, 2));
        AssertEqual([], s_a.Slice(3, 0));
        AssertEqual([1, 4, 9], s_a.Map(x => x * x));
        Assert.Equal(-2.0, s_a[1].Value);
        Assert.Equal(3, s_a.Length);
    }

    [Fact]
    public void Entries_are_enumerated_copied_and_shown()
    {
        double sum = 0;
        foreach (Float64 entry in s_a)
            sum += entry;
        Assert.Equal(2, sum);

        var storage = new Float64[3];
        s_a.CopyTo(storage);
        AssertEqual(s_a, Vector<Float64>.FromStorage(storage));
        Assert.Equal("[1, -2, 3]", s_a.ToString());
    }

    [Fact]
    public void Vector_without_entries_is_one()
    {
        Vector<Float64> none = default;
        Assert.Equal(0, none.Length);
        Assert.Equal("[]", none.ToString());
        AssertEqual(s_a, none.Concat(s_a));
        Assert.Equal(0.0, none.Norm().Value);
    }

    [Fact]
    public void Storage_and_collection_expressions_are_copied()
    {
        Float64[] source = [1, 2];
        Vector<Float64> stored = Vector<Float64>.FromStorage(source), collected = [.. source];
        source[0] = 9;
        AssertEqual([1, 2], stored);
        AssertEqual([1, 2], collected);
    }

    [Fact]
    public void Zero_and_random_have_the_length_asked_for()
    {
        AssertEqual([0, 0], Vector<Float64>.Zero(2));
        Vector<Float64> random = Vector<Float64>.Random(50, new Random(1));
        Assert.Equal(50, random.Length);
        Assert.All(random.AsSpan().ToArray(), x => Assert.InRange(x.Value, 0, 1));
        AssertEqual(random, Vector<Float64>.Random(50, new Random(1)));
        Assert.Throws<ArgumentNullException>(() => Vector<Float64>.Random(1, null!));
    }

    [Fact]
    public void Vectors_are_a_group_under_addition()
    {
        AssertEqual(s_a + s_b, s_a.Compose(s_b));
        AssertEqual(-s_a, s_a.Inverse());
        AssertEqual(s_b - s_a, s_a.Between(s_b));
        AssertEqual(s_a + s_b, s_a.Retract(s_b));
        AssertEqual(s_b - s_a, s_a.Local(s_b));
        AssertEqual(s_a, s_a.Log());
        AssertEqual(s_a, Vector<Float64>.Exp(s_a));
    }

    [Fact]
    public void Kind_knows_the_length() => Assert.Equal(ValueKind.Vector(3), s_a.Kind);

    [Fact]
    public void Different_lengths_are_refused()
    {
        Vector<Float64> shorter = [1, 2];
        Func<object>[] calls =
        [
            () => s_a + shorter, () => s_a - shorter, () => s_a * shorter, () => s_a / shorter, () => s_a.Dot(shorter),
        ];
        Assert.All(calls, call =>
            Assert.StartsWith("Vector lengths differ: 3 and 2.", Assert.Throws<ArgumentException>(call).Message));
    }

    [Fact]
    public void Entries_that_are_not_there_are_refused()
    {
        Assert.Throws<IndexOutOfRangeException>(() => s_a[3]);
        Assert.Throws<IndexOutOfRangeException>(() => s_a[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => s_a.Slice(2, 2));
    }

    [Fact]
    public void Points_have_the_arithmetic_of_vectors()
    {
        Point3<Float64> p = new(1, 2, 3), q = new(-1, 0.5, 2);
        AssertEqual([0, 2.5, 5], (p + q).ToVector());
        AssertEqual([2, 1.5, 1], (p - q).ToVector());
        AssertEqual([-1, -2, -3], (-p).ToVector());
        AssertEqual([2, 4, 6], ((Float64)2 * p).ToVector());
        AssertEqual([2, 4, 6], (p * (Float64)2).ToVector());
        AssertEqual([0.5, 1, 1.5], (p / (Float64)2).ToVector());
        AssertEqual([2.5, -5, 2.5], p.Cross(q).ToVector());
        Assert.Equal(6.0, p.Dot(q).Value);
        Assert.Equal(3.0, new Point3<Float64>(2, -1, 2).Norm().Value);
        Assert.Equal("(1, 2, 3)", p.ToString());
    }

    [Fact]
    public void Points_of_the_plane_have_the_arithmetic_of_vectors()
    {
        Point2<Float64> p = new(1, 2), q = new(-1, 0.5);
        AssertEqual([0, 2.5], (p + q).ToVector());
        AssertEqual([2, 1.5], (p - q).ToVector());
        AssertEqual([-1, -2], (-p).ToVector());
        AssertEqual([2, 4], ((Float64)2 * p).ToVector());
        AssertEqual([2, 4], (p * (Float64)2).ToVector());
        AssertEqual([0.5, 1], (p / (Float64)2).ToVector());
        AssertEqual([-2, 1], p.Turned().ToVector());
        Assert.Equal(0.0, p.Dot(q).Value);
        Assert.Equal(5.0, new Point2<Float64>(3, -4).Norm().Value);
        Assert.Equal("(1, 2)", p.ToString());
    }

    private static void AssertEqual(Vector<Float64> expected, Vector<Float64> actual) =>
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
}
