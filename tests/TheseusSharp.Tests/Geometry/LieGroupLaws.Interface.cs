using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// What people call: random elements, static methods, and what happens to arguments of the wrong size.
public abstract partial class LieGroupLaws
{
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Random_elements_are_on_the_group_and_repeat_with_their_seed(Precision precision)
    {
        var (g, _) = _group.In(precision);
        for (int seed = 0; seed < 100; seed++)
        {
            Vector x = g.Random(seed);
            AssertNear(g, 8, Exact.Normalize(x), x);
            AssertWithin(0, x, g.Random(seed));
            Assert.NotEqual(0, Size(x - g.Random(seed + 1)));
        }
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("RightJacobian")]
    [InlineData("RightJacobianInverse")]
    [InlineData("LeftJacobian")]
    [InlineData("LeftJacobianInverse")]
    [InlineData("Hat")]
    [InlineData("Vee")]
    public void Static_method_is_the_rule(string name)
    {
        var (g, samples) = _group.In(Precision.Double);
        Vector tangent = samples.Uniform(g.TangentLength, 1);
        Vector expected = name switch
        {
            "Exp" => g.Exp(tangent),
            "RightJacobian" => Entries(g.RightJacobian(tangent)),
            "RightJacobianInverse" => Entries(g.RightJacobianInverse(tangent)),
            "LeftJacobian" => Entries(g.LeftJacobian(tangent)),
            "LeftJacobianInverse" => Entries(g.LeftJacobianInverse(tangent)),
            "Hat" => Entries(g.Hat(tangent)),
            _ => tangent,
        };

        // Points leave out what would be the identity.
        if (g.Static(name, tangent) is { } actual)
            AssertWithin(0, expected, actual);
        else
            Assert.StartsWith("Point", _group.Type.Name);
    }

    [Fact]
    public void Tangents_of_the_wrong_length_are_refused()
    {
        var (g, _) = _group.In(Precision.Double);
        foreach (int length in new[] { g.TangentLength - 1, g.TangentLength + 1 })
        {
            Vector wrong = Vector.Zero(length);
            AssertRefused(g.TangentLength, length, () => g.Exp(wrong));
            AssertRefused(g.TangentLength, length, () => g.Retract(g.Identity, wrong));
            AssertRefused(g.TangentLength, length, () => Entries(g.Hat(wrong)));
            AssertRefused(g.TangentLength, length, () => Entries(g.RightJacobian(wrong)));
            AssertRefused(g.TangentLength, length, () => Entries(g.RightJacobianInverse(wrong)));
            AssertRefused(g.TangentLength, length, () => Entries(g.LeftJacobian(wrong)));
            AssertRefused(g.TangentLength, length, () => Entries(g.LeftJacobianInverse(wrong)));
            AssertRefused(g.TangentLength, length, () => g.StorageGradient(g.Identity, wrong));
            AssertRefused(g.TangentLength, length, () => Entries(g.MatrixGradient(g.Identity, wrong)));
        }
    }

    [Fact]
    public void Gradients_and_matrices_of_the_wrong_size_are_refused()
    {
        var (g, _) = _group.In(Precision.Double);
        int size = g.ToMatrix(g.Identity).Rows;
        foreach (int change in new[] { -1, 1 })
        {
            int length = g.StorageLength + change;
            Matrix wrong = Matrix.Zero(size + change, size);
            AssertRefused(g.StorageLength, length, () => g.TangentGradient(g.Identity, Vector.Zero(length)));
            AssertRefused(size, size + change, () => g.TangentGradient(g.Identity, wrong));
            AssertRefused(size, size + change, () => g.Vee(wrong));
        }
    }

    private static void AssertRefused(int expected, int found, Func<Vector> call)
    {
        var refusal = Assert.Throws<ArgumentException>(() => { call(); });
        Assert.Contains($"{expected}", refusal.Message);
        Assert.Contains($"{found}", refusal.Message);
    }
}
