using TheseusSharp.Geometry;
using TheseusSharp.Initialization;
using TheseusSharp.Linear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Initialization;

/// <summary>
/// M = U·diag(s)·Vᵀ with rotations U, V and s₁ ≥ s₂ ≥ |s₃|, s₃ of either sign, is every matrix. Its nearest rotation is
/// U·Vᵀ, unique if s₂ + s₃ > 0; in any case tr(RᵀM) is at best s₁ + s₂ + s₃.
/// </summary>
public class NearestRotationTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 0.5)]
    [InlineData(1, 0.99, 1e-3)]
    [InlineData(1, 1, 0)] // rank 2
    [InlineData(3, 0.2, 0)]
    [InlineData(2, 1, -0.5)] // negative determinant
    [InlineData(1, 0.9, -0.8)]
    public void Unique_nearest_rotation_is_found_at_any_scale(double first, double second, double third)
    {
        var random = new Random(41);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            var u = SO3<Float64>.Random(random);
            var v = repetition % 10 == 0 ? HalfTurn(random) * u : SO3<Float64>.Random(random); // U·Vᵀ turns by π
            double[] expected = Rotation(u * SO3<Float64>.InverseRule(v));
            foreach (double scale in new[] { 1, 1e-3, 1e-200, 1e150 })
            {
                double[] found = Nearest(Product(u, v, scale * first, scale * second, scale * third));
                double tolerance = 1e-14 / (second + third) * first;
                for (int k = 0; k < 9; k++)
                    Assert.Equal(expected[k], found[k], tolerance);
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 0)] // rank 1
    [InlineData(1, 1, -1)] // a reflection
    [InlineData(2, 1, -1)]
    [InlineData(0, 0, 0)]
    public void Where_several_are_nearest_one_of_them_is_found(double first, double second, double third)
    {
        var random = new Random(42);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            double[] m = Product(
                SO3<Float64>.Random(random), SO3<Float64>.Random(random), first, second, third);
            double[] found = Nearest(m);
            Assert.Equal(first + second + third, found.Zip(m, (r, entry) => r * entry).Sum(), 1e-14);
        }
    }

    [Fact]
    public void Zero_gives_the_identity()
    {
        double[] quaternion = new double[4], direction = new double[2];
        NearestRotation.InSpace(new double[9], quaternion);
        NearestRotation.InPlane(new double[4], direction);
        Assert.Equal([0, 0, 0, 1], quaternion);
        Assert.Equal([1, 0], direction);
    }

    [Fact]
    public void In_the_plane_no_angle_is_nearer()
    {
        var random = new Random(43);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            double[] m = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble() - 0.5)];
            double[] found = new double[2];
            NearestRotation.InPlane(m, found);
            Assert.Equal(1, Math.Sqrt((found[0] * found[0]) + (found[1] * found[1])), 1e-15);
            double best = Match(m, found[0], found[1]);
            for (int k = 0; k < 360; k++)
                Assert.True(Match(m, Math.Cos(k * Math.PI / 180), Math.Sin(k * Math.PI / 180)) <= best + 1e-15);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Eigenvectors_are_orthonormal_and_give_the_matrix_back(int size)
    {
        var random = new Random(44);
        double[] matrix = new double[size * size], vectors = new double[size * size];
        for (int r = 0; r < size; r++)
            for (int c = 0; c <= r; c++)
                matrix[(r * size) + c] = matrix[(c * size) + r] = random.NextDouble() - 0.5;
        double[] values = [.. matrix];
        SymmetricEigen.Diagonalize(size, values, vectors);
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
            {
                double entry = 0, product = 0;
                for (int k = 0; k < size; k++)
                {
                    entry += vectors[(k * size) + r] * values[k * (size + 1)] * vectors[(k * size) + c];
                    product += vectors[(r * size) + k] * vectors[(c * size) + k];
                }

                Assert.Equal(matrix[(r * size) + c], entry, 1e-14);
                Assert.Equal(r == c ? 1 : 0, product, 1e-14);
            }
    }

    private static double Match(double[] m, double cosine, double sine) =>
        (cosine * (m[0] + m[3])) + (sine * (m[2] - m[1]));

    private static SO3<Float64> HalfTurn(Random random)
    {
        double x = random.NextDouble(), y = random.NextDouble(), z = random.NextDouble();
        return SO3<Float64>.NormalizeRule(SO3<Float64>.FromQuaternionXyzw(x, y, z, 0));
    }

    private static double[] Nearest(double[] m)
    {
        double[] q = new double[4];
        NearestRotation.InSpace(m, q);
        Assert.Equal(1, Math.Sqrt(q.Sum(x => x * x)), 1e-14);
        Assert.True(q[3] >= 0);
        return Rotation(SO3<Float64>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]));
    }

    private static double[] Rotation(SO3<Float64> rotation) =>
        [.. SO3<Float64>.MatrixRule(rotation).Entries.ToArray().Select(entry => entry.Value)];

    private static double[] Product(SO3<Float64> u, SO3<Float64> v, double first, double second, double third)
    {
        double[] left = Rotation(u), right = Rotation(v), s = [first, second, third], m = new double[9];
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++)
                for (int k = 0; k < 3; k++)
                    m[(3 * r) + c] += left[(3 * r) + k] * s[k] * right[(3 * c) + k];
        return m;
    }
}
