using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

/// <summary>Rotations by π, where the logarithm changes sides: finite and right on either side, and between.</summary>
public class HalfTurnTests
{
    private static readonly double[] s_aboutZero = [0, -0.0, 1e-17, -1e-17, 1e-300, -1e-300];

    public static TheoryData<double, double, double> Axes()
    {
        var axes = new TheoryData<double, double, double> { { 1, 0, 0 }, { 0, -1, 0 }, { 0, 0, 1 }, { 0.6, 0, -0.8 } };
        var random = new Random(5);
        for (int k = 0; k < 10; k++)
        {
            Point3<Float64> v = SO3<Float64>.Random(random).Act(new(1, 0, 0));
            axes.Add(v.X, v.Y, v.Z);
        }

        return axes;
    }

    [Theory]
    [MemberData(nameof(Axes))]
    public void Logarithm_of_a_half_turn_of_space_is_right_on_both_sides(double x, double y, double z)
    {
        foreach (double w in s_aboutZero)
        {
            var rotation = SO3<Float64>.FromQuaternionXyzw(x, y, z, w).Normalize();
            Vector<Float64> log = rotation.Log();
            Assert.Equal(Math.PI, log.Norm(), 1e-15);
            AssertNear(Exact(rotation.ToMatrix()), MatrixOracle.Exp(Exact(SO3<Float64>.Hat(log))), 1e-15);
            AssertNear(Exact(rotation.ToMatrix()), Exact(SO3<Float64>.Exp(log).ToMatrix()), 2e-15);
        }
    }

    [Theory]
    [MemberData(nameof(Axes))]
    public void Logarithm_of_a_motion_with_a_half_turn_is_right_on_both_sides(double x, double y, double z)
    {
        foreach (double w in s_aboutZero)
        {
            var motion = SE3<Float64>.From(new(1, -2, 3), SO3<Float64>.FromQuaternionXyzw(x, y, z, w).Normalize());
            Vector<Float64> log = motion.Log();
            AssertNear(Exact(motion.ToMatrix()), MatrixOracle.Exp(Exact(SE3<Float64>.Hat(log))), 1e-14);
            AssertJacobian(SE3<Float64>.LogJacobianRule(motion, log.AsSpan()), SE3<Float64>.RightJacobian(log));
        }
    }

    [Theory]
    [MemberData(nameof(Axes))]
    public void Logarithm_in_single_precision_is_finite_and_right(double x, double y, double z)
    {
        foreach (double w in s_aboutZero)
        {
            var motion = SE3<Float32>.From(new(1, -2, 3), SO3<Float32>.FromQuaternionXyzw(x, y, z, w).Normalize());
            Vector<Float32> log = motion.Log();
            AssertNear(Exact(motion.ToMatrix()), Exact(SE3<Float32>.Exp(log).ToMatrix()), 4e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(1e-17)]
    [InlineData(-1e-17)]
    public void Logarithm_of_a_half_turn_of_the_plane_is_right_on_both_sides(double sine)
    {
        var motion = SE2<Float64>.FromStorage([1, -2, -1, sine]);
        Vector<Float64> log = motion.Log();
        Assert.Equal(Math.CopySign(Math.PI, sine), log[2].Value);
        AssertNear(Exact(motion.ToMatrix()), MatrixOracle.Exp(Exact(SE2<Float64>.Hat(log))), 1e-15);
        AssertJacobian(SE2<Float64>.LogJacobianRule(motion, log.AsSpan()), SE2<Float64>.RightJacobian(log));
    }

    [Fact]
    public void Both_quaternions_of_a_rotation_give_the_same()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            SE3<Float64> x = SE3<Float64>.Random(new Random(seed));
            Float64[] negated = [.. x.ToStorage().Select((entry, k) => k < 3 ? entry : -entry)];
            SE3<Float64> y = SE3<Float64>.FromStorage(negated);
            AssertSame(x.Log().AsSpan(), y.Log().AsSpan());
            AssertSame(x.ToMatrix().Entries, y.ToMatrix().Entries);
            AssertSame(x.Adjoint().Entries, y.Adjoint().Entries);
            AssertSame(x.Rotation.ToRollPitchYaw().AsSpan(), y.Rotation.ToRollPitchYaw().AsSpan());
            ReadOnlySpan<Float64> log = x.Log().AsSpan();
            AssertSame(SE3<Float64>.LogJacobianRule(x, log).Entries, SE3<Float64>.LogJacobianRule(y, log).Entries);
        }
    }

    private static void AssertSame(ReadOnlySpan<Float64> expected, ReadOnlySpan<Float64> actual) =>
        Assert.Equal(expected.ToArray(), actual.ToArray());

    private static void AssertJacobian(Matrix<Float64> inverse, Matrix<Float64> jacobian) =>
        AssertNear(Matrix.Identity(jacobian.Rows), Exact(inverse) * Exact(jacobian), 1e-14);

    private static Matrix Exact(Matrix<Float64> matrix) =>
        new(matrix.Rows, matrix.Columns, [.. matrix.Entries.ToArray().Select(entry => (DoubleDouble)entry.Value)]);

    private static Matrix Exact(Matrix<Float32> matrix) =>
        new(matrix.Rows, matrix.Columns, [.. matrix.Entries.ToArray().Select(entry => (DoubleDouble)entry.Value)]);

    private static void AssertNear(Matrix expected, Matrix actual, double tolerance)
    {
        foreach (DoubleDouble error in (actual - expected).Entries)
            Assert.InRange(error.Hi, -tolerance, tolerance);
    }
}
