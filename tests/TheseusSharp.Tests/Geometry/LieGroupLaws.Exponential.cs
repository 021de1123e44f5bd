using TheseusSharp.Tests.Oracles;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// Exp and Log: one another's inverses, and those of matrices.
public abstract partial class LieGroupLaws
{
    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_is_the_matrix_exponential(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent =>
            AssertNear(g, 8, MatrixOracle.Exp(Exact.Hat(tangent)), Exact.ToMatrix(g.Exp(tangent)), 1 + Size(tangent)));
    }

    /// <summary>Looks at the odd part of the matrix, which is as small as the tangent.</summary>
    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_of_a_small_tangent_is_accurate_relative_to_its_size(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        for (int k = 0; k < 30; k++)
        {
            DoubleDouble size = Math.Pow(10, -0.5 * k);
            Vector tangent = g.Round(size * samples.Uniform(g.TangentLength, k));
            Vector expected = Exact.Vee(MatrixOracle.Exp(Exact.Hat(tangent)));
            AssertNear(g, 4, expected, Exact.Vee(Exact.ToMatrix(g.Exp(tangent))), size.Hi);
        }
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_is_the_matrix_logarithm(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x =>
            AssertNear(g, 24, Exact.ToMatrix(x), MatrixOracle.Exp(Exact.Hat(g.Log(x)))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_of_log_is_identity(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x => AssertSame(g, 24, x, g.Exp(g.Log(x))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_of_exp_is_identity_below_a_half_turn(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Principal(), tangent => AssertNear(g, 24, tangent, g.Log(g.Exp(tangent))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_of_exp_of_a_small_tangent_is_accurate_relative_to_its_size(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        for (int k = 0; k < 30; k++)
        {
            DoubleDouble size = Math.Pow(10, -0.5 * k);
            Vector tangent = g.Round(size * samples.Uniform(g.TangentLength, k));
            AssertNear(g, 12, tangent, g.Log(g.Exp(tangent)), size.Hi);
        }
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_turns_by_a_half_turn_at_most(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        double most = Math.PI * (1 + (4 * g.Unit));
        Assert.All(samples.Elements, x => Assert.InRange(samples.Angle(g.Log(x)).Hi, 0, most));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_of_zero_is_exactly_the_identity(Precision precision)
    {
        var (g, _) = _group.In(precision);
        Vector zero = Vector.Zero(g.TangentLength);
        AssertWithin(0, g.Identity, g.Exp(zero));
        AssertWithin(0, zero, g.Log(g.Identity));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_of_the_negative_is_the_inverse(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent =>
            AssertSame(g, 16, g.Inverse(g.Exp(tangent)), g.Exp(-tangent), 1 + Size(tangent)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Exp_of_a_multiple_is_a_power(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent =>
        {
            Vector single = g.Exp(tangent);
            AssertSame(g, 32, g.Compose(single, single), g.Exp(2.0 * tangent), 1 + Size(tangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Vee_undoes_hat(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent => AssertWithin(0, tangent, g.Vee(g.Hat(tangent))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Retract_and_local_undo_each_other(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s => AssertSame(g, 32, s.B, g.Retract(s.A, g.Local(s.A, s.B))));
        Assert.All(samples.Moves(), s =>
            AssertNear(g, 32, s.Tangent, g.Local(s.Element, g.Retract(s.Element, s.Tangent))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Retract_composes_with_exp(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
            AssertSame(g, 16, g.Compose(s.Element, g.Exp(s.Tangent)), g.Retract(s.Element, s.Tangent)));
    }
}
