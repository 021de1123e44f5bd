using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

/// <summary>
/// What every Lie group must satisfy, in double, single and double-double. A new group inherits all of it by one line
/// in <c>LieGroups.cs</c>.
/// </summary>
/// <remarks>
/// Tolerances are in rounding errors of the precision: 64 of them are 7e-15 in double and 4e-6 in single. Elements are
/// compared by their matrices, in which the two quaternions of a rotation are one. Double-double shows that a law
/// holds of the formula, beyond what rounding lets double see.
/// </remarks>
public abstract partial class LieGroupLaws
{
    private readonly Group _group;

    private protected LieGroupLaws(Group group) => _group = group;

    public static TheoryData<Precision> Precisions => new(Enum.GetValues<Precision>());

    private GroupRules Exact => _group.Exact;

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Composition_is_associative(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
            AssertSame(g, 32, g.Compose(g.Compose(s.A, s.B), s.C), g.Compose(s.A, g.Compose(s.B, s.C))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Identity_changes_nothing(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x =>
        {
            AssertNear(g, 2, x, g.Compose(g.Identity, x));
            AssertNear(g, 2, x, g.Compose(x, g.Identity));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Inverse_undoes_an_element(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x =>
        {
            AssertSame(g, 16, g.Identity, g.Compose(x, g.Inverse(x)));
            AssertSame(g, 16, g.Identity, g.Compose(g.Inverse(x), x));
            AssertSame(g, 16, x, g.Inverse(g.Inverse(x)));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Inverse_of_a_product_is_the_product_of_inverses_in_reverse(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
            AssertSame(g, 32, g.Inverse(g.Compose(s.A, s.B)), g.Compose(g.Inverse(s.B), g.Inverse(s.A))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Between_is_the_inverse_composed(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
        {
            AssertSame(g, 32, g.Compose(g.Inverse(s.A), s.B), g.Between(s.A, s.B));
            AssertSame(g, 32, s.B, g.Compose(s.A, g.Between(s.A, s.B)));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Matrix_of_a_product_is_the_product_of_matrices(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
            AssertNear(g, 32, Exact.ToMatrix(s.A) * Exact.ToMatrix(s.B), g.ToMatrix(g.Compose(s.A, s.B))));
    }

    private static Vector Entries(Matrix matrix) => new(matrix.Entries.ToArray());

    private static Vector Unit(int length, int k)
    {
        Vector unit = Vector.Zero(length);
        return new([.. unit.AsSpan()[..k], 1, .. unit.AsSpan()[(k + 1)..]]);
    }

    private static double Size(Vector values)
    {
        double size = 0;
        foreach (var entry in values)
            size = Math.Max(size, Math.Abs(entry.Hi));
        return size;
    }

    private static void AssertNear(GroupRules g, double units, Matrix expected, Matrix actual, double scale = 0)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        AssertNear(g, units, Entries(expected), Entries(actual), scale);
    }

    /// <summary>Whether results agree to some rounding errors of a scale; of one and their size if it is 0.</summary>
    private static void AssertNear(GroupRules g, double units, Vector expected, Vector actual, double scale = 0) =>
        AssertWithin(units * g.Unit * (scale > 0 ? scale : 1 + Size(expected)), expected, actual);

    private static void AssertWithin(double tolerance, Vector expected, Vector actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            // Written so that NaN fails.
            double error = Math.Abs((actual[k] - expected[k]).Hi);
            if (!(error <= tolerance))
                Assert.Fail($"Entry {k} is off by {error:g3} > {tolerance:g3}.\n{actual} should be\n{expected}");
        }
    }

    /// <summary>Whether two storages are of one element, by their matrices.</summary>
    private void AssertSame(GroupRules g, double units, Vector expected, Vector actual, double scale = 0) =>
        AssertNear(g, units, Exact.ToMatrix(expected), Exact.ToMatrix(actual), scale);
}
