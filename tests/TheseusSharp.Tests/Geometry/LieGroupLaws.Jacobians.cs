using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// Derivatives of Exp and Log. Differences, which are slow, are taken in double-double and held against double: single
// is held against double-double, rule by rule.
public abstract partial class LieGroupLaws
{
    [Fact]
    public void Jacobians_are_the_derivatives_of_exp_on_both_sides()
    {
        var (g, samples) = _group.In(Precision.Double);
        Assert.All(samples.Tangents, tangent =>
        {
            Matrix inverse = MatrixOracle.Exp(Exact.Hat(-tangent));
            Matrix[] slopes = [.. Units(g).Select(unit => ExpSlope(tangent, unit))];
            Matrix right = Columns(slopes.Select(slope => Exact.Vee(inverse * slope)));
            Matrix left = Columns(slopes.Select(slope => Exact.Vee(slope * inverse)));
            AssertNear(g, 16, right, g.RightJacobian(tangent), 1 + Size(tangent));
            AssertNear(g, 16, left, g.LeftJacobian(tangent), 1 + Size(tangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Jacobians_times_their_inverses_are_the_identity(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Matrix one = Matrix.Identity(g.TangentLength);
        Assert.All(samples.Regular(), tangent =>
        {
            double scale = 1 + Math.Pow(Size(tangent), 2);
            AssertNear(g, 64, one, g.RightJacobianInverse(tangent) * g.RightJacobian(tangent), scale);
            AssertNear(g, 64, one, g.LeftJacobian(tangent) * g.LeftJacobianInverse(tangent), scale);
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Left_jacobian_is_the_adjoint_of_exp_times_the_right_one(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent => AssertNear(
            g, 32, g.Adjoint(g.Exp(tangent)) * g.RightJacobian(tangent), g.LeftJacobian(tangent), 1 + Size(tangent)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Right_jacobian_leaves_its_own_tangent_alone(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Tangents, tangent =>
            AssertNear(g, 16, tangent, g.RightJacobian(tangent) * tangent, 1 + Math.Pow(Size(tangent), 2)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_jacobian_is_the_inverse_right_jacobian_at_the_log(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x =>
        {
            Vector log = g.Log(x);
            AssertNear(g, 32, Exact.RightJacobianInverse(log), g.LogJacobian(x, log));
            AssertNear(g, 32, Exact.RightJacobianInverse(log), g.RightJacobianInverse(log));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Log_cotangent_is_the_log_jacobian_transposed(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector log = g.Log(s.Element);
            Vector expected = g.LogJacobian(s.Element, log).Transpose() * s.Tangent;
            AssertNear(g, 32, expected, g.LogCotangent(s.Element, log, s.Tangent));
        });
    }

    [Fact]
    public void Log_jacobian_is_the_derivative_of_log()
    {
        var (g, samples) = _group.In(Precision.Double);

        // Nearer to a half turn the differences would step across it, where Log jumps.
        Assert.All(samples.Elements.Where(x => samples.Angle(Exact.Log(x)).Hi < Math.PI - 0.01), x =>
        {
            Vector exact = Exact.Normalize(x);
            Matrix expected = Columns(Units(g).Select(unit => LogSlope(exact, unit)));
            AssertNear(g, 24, expected, g.LogJacobian(x, g.Log(x)));
        });
    }

    private static IEnumerable<Vector> Units(GroupRules g) =>
        Enumerable.Range(0, g.TangentLength).Select(k => Unit(g.TangentLength, k));

    private static Matrix Columns(IEnumerable<Vector> columns)
    {
        Vector[] rows = [.. columns];
        return new Matrix(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row.AsSpan().ToArray())]).Transpose();
    }

    private Vector LogSlope(Vector x, Vector direction) =>
        MatrixOracle.Derivative(t => Exact.Log(Exact.Compose(x, Exact.Exp(t * direction))));

    /// <summary>The derivative of the matrix of Exp along a direction.</summary>
    private Matrix ExpSlope(Vector tangent, Vector direction)
    {
        Matrix shape = Exact.Hat(tangent);
        Vector slope = MatrixOracle.Derivative(t => Entries(Exact.ToMatrix(Exact.Exp(tangent + (t * direction)))));
        return new(shape.Rows, shape.Columns, slope.AsSpan().ToArray());
    }
}
