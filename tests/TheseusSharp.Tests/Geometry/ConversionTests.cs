using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Geometry;

/// <summary>Rotations and motions to and from matrices, quaternions and angles.</summary>
public partial class ConversionTests
{
    private const double Close = 2e-15;

    // Where reading a quaternion from a matrix changes its way, or has little to go by.
    private static readonly double[] s_angles =
    [
        0, 1e-12, 1e-8, 1e-4, 0.1, 1, Math.PI / 2, 2 * Math.PI / 3, 3,
        Math.PI - 1e-4, Math.PI - 1e-8, Math.PI - 1e-12, Math.PI,
    ];

    private static readonly double[][] s_axes =
    [
        [1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1],
        [0.6, 0.8, 0], [0, 0.6, -0.8], [-0.8, 0, 0.6], [1 / 3.0, 2 / 3.0, 2 / 3.0], [-2 / 7.0, 3 / 7.0, -6 / 7.0],
        [Math.Sqrt(1 / 3.0), Math.Sqrt(1 / 3.0), Math.Sqrt(1 / 3.0)],
    ];

    [Fact]
    public void Quaternion_orders_are_what_their_names_say()
    {
        var rotation = SO3<Float64>.FromQuaternionXyzw(0.1, -0.5, 0.7, 0.5);
        AssertEqual([0.1, -0.5, 0.7, 0.5], rotation.ToStorage());
        AssertEqual([0.1, -0.5, 0.7, 0.5], rotation.ToQuaternionXyzw().AsSpan());
        AssertEqual([0.5, 0.1, -0.5, 0.7], rotation.ToQuaternionWxyz().AsSpan());
        AssertEqual(rotation.ToStorage(), SO3<Float64>.FromQuaternionWxyz(0.5, 0.1, -0.5, 0.7).ToStorage());
    }

    [Fact]
    public void Quaternion_turns_the_usual_way()
    {
        double half = Math.Sqrt(0.5);
        var quarter = SO3<Float64>.FromQuaternionXyzw(0, 0, half, half);
        AssertNear([0, 1, 0], quarter.Act(new(1, 0, 0)).ToVector().AsSpan());
        AssertNear([0, 0, Math.PI / 2], quarter.Log().AsSpan());
        AssertNear([0, -1, 0, 1, 0, 0, 0, 0, 1], quarter.ToMatrix().Entries);
    }

    [Fact]
    public void Quaternion_off_the_sphere_is_normalised_on_request()
    {
        var rotation = SO3<Float64>.FromQuaternionXyzw(2, 4, 5, 6).Normalize();
        AssertNear([2 / 9.0, 4 / 9.0, 5 / 9.0, 6 / 9.0], rotation.ToStorage());
    }

    [Fact]
    public void Matrix_of_any_rotation_gives_it_back()
    {
        foreach (double[] axis in s_axes)
            foreach (double angle in s_angles)
                AssertMatrixGivesBack(About(axis, angle));

        var random = new Random(1);
        for (int k = 0; k < 500; k++)
            AssertMatrixGivesBack(SO3<Float64>.Random(random));
    }

    /// <summary>From the matrix, w takes the sign that makes the angle at most π.</summary>
    [Fact]
    public void Matrix_gives_the_quaternion_with_positive_w()
    {
        var random = new Random(2);
        for (int k = 0; k < 200; k++)
        {
            double[] q = Numbers(SO3<Float64>.Random(random).ToStorage());
            double sign = q[3] < 0 ? -1 : 1;
            var rotation = SO3<Float64>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]);
            AssertNear([.. q.Select(entry => sign * entry)], SO3<Float64>.FromMatrix(rotation.ToMatrix()).ToStorage());
        }
    }

    [Fact]
    public void Matrix_of_a_tiny_rotation_keeps_its_relative_accuracy()
    {
        foreach (double[] axis in s_axes)
            for (double angle = 1e-14; angle < 0.1; angle *= 10)
            {
                SO3<Float64> back = SO3<Float64>.FromMatrix(About(axis, angle).ToMatrix());
                AssertNear([.. axis.Select(entry => entry * angle)], back.Log().AsSpan(), 1e-15 * angle);
            }
    }

    [Fact]
    public void Matrix_in_single_precision_gives_the_rotation_back()
    {
        var random = new Random(3);
        for (int k = 0; k < 200; k++)
        {
            Matrix<Float32> matrix = SO3<Float32>.Random(random).ToMatrix();
            Matrix<Float32> back = SO3<Float32>.FromMatrix(matrix).ToMatrix();
            for (int i = 0; i < 9; i++)
                Assert.Equal(matrix.Entries[i].Value, back.Entries[i].Value, 1e-6f);
        }
    }

    [Fact]
    public void Roll_pitch_yaw_are_turns_about_fixed_axes()
    {
        SO3<Float64> turned = SO3<Float64>.FromRollPitchYaw(0.3, -0.4, 0.5);
        SO3<Float64> expected = About([0, 0, 1], 0.5) * About([0, 1, 0], -0.4) * About([1, 0, 0], 0.3);
        AssertNear(expected.ToMatrix().Entries, turned.ToMatrix().Entries);
        AssertNear([0.3, -0.4, 0.5], turned.ToRollPitchYaw().AsSpan());
    }

    [Fact]
    public void Roll_pitch_yaw_return_the_angles_put_in()
    {
        var random = new Random(4);
        for (int k = 0; k < 500; k++)
        {
            double roll = Angle(random, Math.PI), pitch = Angle(random, 1.5), yaw = Angle(random, Math.PI);
            Vector<Float64> back = SO3<Float64>.FromRollPitchYaw(roll, pitch, yaw).ToRollPitchYaw();

            // Roll and yaw grow uncertain as pitch nears a quarter turn.
            AssertNear([roll, pitch, yaw], back.AsSpan(), 1e-15 / Math.Pow(Math.Cos(pitch), 2));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(1e-9)]
    [InlineData(1e-5)]
    public void Roll_pitch_yaw_return_the_rotation_even_with_the_axes_aligned(double margin)
    {
        var random = new Random(5);
        foreach (double pitch in new[] { (Math.PI / 2) - margin, margin - (Math.PI / 2) })
            for (int k = 0; k < 50; k++)
            {
                SO3<Float64> x = SO3<Float64>.FromRollPitchYaw(Angle(random, 3), pitch, Angle(random, 3));
                Vector<Float64> angles = x.ToRollPitchYaw();
                SO3<Float64> back = SO3<Float64>.FromRollPitchYaw(angles[0], angles[1], angles[2]);
                AssertNear(x.ToMatrix().Entries, back.ToMatrix().Entries);
            }
    }

    private static SO3<Float64> About(double[] axis, double angle) =>
        SO3<Float64>.Exp([.. axis.Select(entry => (Float64)(entry * angle))]);

    private static double Angle(Random random, double bound) => bound * ((2 * random.NextDouble()) - 1);

    private static void AssertMatrixGivesBack(SO3<Float64> rotation)
    {
        SO3<Float64> back = SO3<Float64>.FromMatrix(rotation.ToMatrix());
        AssertNear(rotation.ToMatrix().Entries, back.ToMatrix().Entries);
        AssertNear(back.Normalize().ToStorage(), back.ToStorage());
    }

    private static double[] Numbers(ReadOnlySpan<Float64> values) => [.. values.ToArray().Select(value => value.Value)];

    private static void AssertEqual(ReadOnlySpan<Float64> expected, ReadOnlySpan<Float64> actual) =>
        Assert.Equal(expected.ToArray(), actual.ToArray());

    private static void AssertNear(double[] expected, ReadOnlySpan<Float64> actual, double tolerance = Close)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.InRange(actual[k].Value, expected[k] - tolerance, expected[k] + tolerance);
    }

    private static void AssertNear(ReadOnlySpan<Float64> expected, ReadOnlySpan<Float64> actual) =>
        AssertNear(Numbers(expected), actual);
}
