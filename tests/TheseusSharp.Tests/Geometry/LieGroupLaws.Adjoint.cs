using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// The adjoint representation, and the action on points.
public abstract partial class LieGroupLaws
{
    [Theory]
    [MemberData(nameof(Precisions))]
    public void Adjoint_takes_a_perturbation_from_right_to_left(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector left = g.Round(g.Adjoint(s.Element) * s.Tangent);
            AssertSame(g, 32, g.Compose(s.Element, g.Exp(s.Tangent)), g.Compose(g.Exp(left), s.Element));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Adjoint_conjugates_the_algebra(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Matrix matrix = Exact.ToMatrix(s.Element), inverse = Exact.ToMatrix(Exact.Inverse(s.Element));
            AssertNear(g, 16, matrix * Exact.Hat(s.Tangent) * inverse, Exact.Hat(g.Adjoint(s.Element) * s.Tangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Adjoint_of_a_product_is_the_product_of_adjoints(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
            AssertNear(g, 48, g.Adjoint(s.A) * g.Adjoint(s.B), g.Adjoint(g.Compose(s.A, s.B))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Adjoint_of_the_inverse_is_the_inverse(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Matrix one = Matrix.Identity(g.TangentLength);
        Assert.All(samples.Elements, x => AssertNear(g, 32, one, g.Adjoint(g.Inverse(x)) * g.Adjoint(x)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Adjoint_rules_of_the_inverse_agree_with_matrices(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Matrix inverse = g.Adjoint(g.Inverse(s.Element));
            AssertNear(g, 32, inverse * s.Tangent, g.AdjointInverse(s.Element, s.Tangent));
            AssertNear(g, 32, inverse.Transpose() * s.Tangent, g.CoadjointInverse(s.Element, s.Tangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Action_is_that_of_the_homogeneous_matrix(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(Points(g, samples), s =>
            AssertNear(g, 16, Homogeneous(Exact.ToMatrix(s.Element), s.Point), g.Act(s.Element, s.Point)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Action_of_the_inverse_undoes_the_action(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(Points(g, samples), s =>
        {
            AssertNear(g, 32, s.Point, g.ActInverse(s.Element, g.Act(s.Element, s.Point)));
            AssertNear(g, 32, g.Act(g.Inverse(s.Element), s.Point), g.ActInverse(s.Element, s.Point));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Action_of_a_product_is_one_action_after_the_other(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Triples(), s =>
        {
            Vector point = samples.Uniform(g.PointLength, 1);
            AssertNear(g, 32, g.Act(s.A, g.Act(s.B, point)), g.Act(g.Compose(s.A, s.B), point));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Rotate_is_the_action_on_differences(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Vector origin = Vector.Zero(g.PointLength);
        Assert.All(Points(g, samples), s =>
        {
            Vector rotated = g.Rotate(s.Element, s.Point);
            AssertNear(g, 16, g.Act(s.Element, s.Point) - g.Act(s.Element, origin), rotated);
            AssertNear(g, 16, s.Point, g.RotateInverse(s.Element, rotated));
            Vector u = samples.Uniform(g.PointLength, 2);
            AssertNear(g, 16, Scalar(u.Dot(rotated)), Scalar(g.RotateInverse(s.Element, u).Dot(s.Point)));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Act_tangent_is_the_algebra_acting(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector point = samples.Uniform(g.PointLength, 3);
            AssertNear(g, 8, Homogeneous(Exact.Hat(s.Tangent), point), g.ActTangent(s.Tangent, point));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Act_cotangent_is_the_transpose_of_act_tangent(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector point = samples.Uniform(g.PointLength, 3), u = samples.Uniform(g.PointLength, 4);
            DoubleDouble pushed = u.Dot(g.ActTangent(s.Tangent, point));
            AssertNear(g, 16, Scalar(pushed), Scalar(g.ActCotangent(point, u).Dot(s.Tangent)));
        });
    }

    private static IEnumerable<(Vector Element, Vector Point)> Points(GroupRules g, GroupSamples samples) =>
        samples.Elements.Select((x, k) => (x, samples.Uniform(g.PointLength, k)));

    private static Vector Scalar(DoubleDouble value) => new(value);

    /// <summary>A matrix times a point, a 1 appended where the matrix has a column for it.</summary>
    private static Vector Homogeneous(Matrix matrix, Vector point) => matrix.Columns == point.Length
        ? matrix * point
        : (matrix * point.Concat(Scalar(1))).Slice(0, point.Length);
}
