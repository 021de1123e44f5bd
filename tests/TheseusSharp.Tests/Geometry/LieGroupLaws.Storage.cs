using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// Storage and tangents: derivatives from one to the other, gradients, and staying on the group.
public abstract partial class LieGroupLaws
{
    [Fact]
    public void Lift_is_the_derivative_of_the_storage()
    {
        var (g, samples) = _group.In(Precision.Double);
        Assert.All(samples.Moves(), s =>
        {
            Vector expected = MatrixOracle.Derivative(t => Exact.Compose(s.Element, Exact.Exp(t * s.Tangent)));
            AssertNear(g, 8, expected, g.Lift(s.Element, s.Tangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Project_is_the_transpose_of_lift(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector cotangent = samples.Uniform(g.StorageLength, 5);
            DoubleDouble pushed = cotangent.Dot(g.Lift(s.Element, s.Tangent));
            AssertNear(g, 16, Scalar(pushed), Scalar(g.Project(s.Element, cotangent).Dot(s.Tangent)));
            AssertWithin(0, g.Project(s.Element, cotangent), g.TangentGradient(s.Element, cotangent));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Unlift_undoes_lift(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
            AssertNear(g, 16, s.Tangent, g.Unlift(s.Element, g.Lift(s.Element, s.Tangent))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Unproject_is_the_transpose_of_unlift(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector derivative = samples.Uniform(g.StorageLength, 6);
            DoubleDouble pulled = derivative.Dot(g.StorageGradient(s.Element, s.Tangent));
            AssertNear(g, 16, Scalar(g.Unlift(s.Element, derivative).Dot(s.Tangent)), Scalar(pulled));
        });
    }

    /// <summary>The shortest of all with one projection has no part that points off the group.</summary>
    [Theory]
    [MemberData(nameof(Precisions))]
    public void Storage_gradient_is_the_shortest_of_its_projection(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector gradient = g.StorageGradient(s.Element, s.Tangent);
            AssertNear(g, 16, s.Tangent, g.TangentGradient(s.Element, gradient));
            AssertNear(g, 32, gradient, g.Lift(s.Element, g.Unlift(s.Element, gradient)));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Matrix_gradient_projects_back(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
            AssertNear(g, 16, s.Tangent, g.TangentGradient(s.Element, g.MatrixGradient(s.Element, s.Tangent))));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Matrix_gradient_pairs_with_changes_of_the_matrix(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Vector move = samples.Uniform(g.TangentLength, 7);
            Vector change = Entries(Exact.ToMatrix(s.Element) * Exact.Hat(move));
            DoubleDouble paired = Entries(g.MatrixGradient(s.Element, s.Tangent)).Dot(change);
            AssertNear(g, 16, Scalar(s.Tangent.Dot(move)), Scalar(paired));
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Tangent_gradient_pairs_with_changes_of_the_matrix(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Matrix matrix = Exact.ToMatrix(s.Element);
            Vector entries = samples.Uniform(matrix.Entries.Length, 8);
            DoubleDouble expected = entries.Dot(Entries(matrix * Exact.Hat(s.Tangent)));
            var gradient = new Matrix(matrix.Rows, matrix.Columns, entries.AsSpan().ToArray());
            AssertNear(g, 32, Scalar(expected), Scalar(g.TangentGradient(s.Element, gradient).Dot(s.Tangent)));
        });
    }

    /// <summary>The shortest gradient is a change of the matrix itself: of the form M·hat(δ).</summary>
    [Theory]
    [MemberData(nameof(Precisions))]
    public void Matrix_gradient_is_the_shortest_of_its_projection(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Moves(), s =>
        {
            Matrix gradient = g.MatrixGradient(s.Element, s.Tangent);
            Matrix matrix = Exact.ToMatrix(s.Element);
            Vector move = Exact.Vee(Exact.ToMatrix(Exact.Inverse(s.Element)) * gradient);
            AssertNear(g, 16, matrix * Exact.Hat(move), gradient);
        });
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Retract_stays_on_the_group_for_ten_thousand_steps(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Vector x = g.Random(1);
        int steps = precision == Precision.DoubleDouble ? 500 : 10_000;
        Vector[] moves = [.. Enumerable.Range(0, 10).Select(k => samples.Uniform(g.TangentLength, k))];
        for (int k = 0; k < steps; k++)
            x = g.Retract(x, moves[k % moves.Length]);
        AssertNear(g, 4, Exact.Normalize(x), x);
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Normalize_leaves_elements_of_the_group_alone(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements, x => AssertNear(g, 8, x, g.Normalize(x)));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Normalize_finds_the_nearest_element(Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Assert.All(samples.Elements.Select((x, k) => (x, k)), s =>
        {
            Vector drifted = g.Round(s.x + (0.1 * samples.Uniform(g.StorageLength, s.k)));
            Vector normal = g.Normalize(drifted);
            AssertNear(g, 8, normal, g.Normalize(normal));
            AssertSame(g, 16, g.Identity, g.Compose(normal, g.Inverse(normal)));

            // From the nearest element the drift is seen at a right angle to the group.
            AssertNear(g, 16, Vector.Zero(g.TangentLength), Exact.Project(normal, drifted - normal));
        });
    }
}
