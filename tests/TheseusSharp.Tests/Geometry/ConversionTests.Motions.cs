using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Geometry;

// Motions and rotations of the plane, operators, random elements, and arguments that do not fit.
public partial class ConversionTests
{
    private static readonly Point3<Float64> s_point = new(0.3, -1.2, 0.7);

    [Fact]
    public void Motion_of_space_is_made_of_its_parts_and_its_matrix()
    {
        var random = new Random(6);
        for (int k = 0; k < 100; k++)
        {
            SO3<Float64> rotation = SO3<Float64>.Random(random);
            Point3<Float64> translation = Point3<Float64>.Random(random);
            var motion = SE3<Float64>.From(translation, rotation);
            AssertEqual([translation.X, translation.Y, translation.Z, .. rotation.ToStorage()], motion.ToStorage());
            AssertEqual(rotation.ToStorage(), motion.Rotation.ToStorage());
            AssertEqual(translation.ToStorage(), motion.Translation.ToStorage());
            AssertEqual((rotation.Act(s_point) + translation).ToStorage(), motion.Act(s_point).ToStorage());
            AssertNear(motion.ToMatrix().Entries, SE3<Float64>.FromMatrix(motion.ToMatrix()).ToMatrix().Entries);
        }
    }

    [Fact]
    public void Motion_of_the_plane_is_made_of_its_parts_and_its_matrix()
    {
        var random = new Random(7);
        for (int k = 0; k < 100; k++)
        {
            double angle = Angle(random, Math.PI);
            var motion = SE2<Float64>.From(2, -3, angle);
            AssertNear([2, -3, Math.Cos(angle), Math.Sin(angle)], motion.ToStorage());
            AssertNear([angle], [motion.Angle()]);
            AssertNear([angle], [motion.Rotation.Angle()]);
            AssertEqual([2, -3], motion.Translation.ToStorage());
            AssertEqual(motion.ToStorage(), SE2<Float64>.From(motion.Translation, motion.Rotation).ToStorage());
            AssertEqual(motion.ToStorage(), SE2<Float64>.FromMatrix(motion.ToMatrix()).ToStorage());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(-1e-300)]
    [InlineData(2)]
    [InlineData(-3.1)]
    [InlineData(Math.PI)]
    public void Angle_of_a_rotation_of_the_plane_comes_back(double angle)
    {
        var rotation = SO2<Float64>.FromAngle(angle);
        Assert.Equal(angle, rotation.Angle().Value, Math.Abs(angle) * 2e-16);
        AssertEqual(rotation.ToStorage(), SO2<Float64>.FromMatrix(rotation.ToMatrix()).ToStorage());
        Assert.Equal(Math.Cos(angle), rotation.Cosine.Value);
        Assert.Equal(Math.Sin(angle), rotation.Sine.Value);
    }

    [Fact]
    public void Angles_beyond_a_half_turn_are_taken_back() =>
        Assert.Equal(4 - (2 * Math.PI), SO2<Float64>.FromAngle(4).Angle().Value, Close);

    [Fact]
    public void Matrix_without_its_last_row_or_with_more_will_do()
    {
        SE3<Float64> motion = SE3<Float64>.Random(new Random(8));
        Matrix<Float64> full = motion.ToMatrix();
        var upper = new Matrix<Float64>(3, 4, full.Entries[..12].ToArray());
        AssertEqual(SE3<Float64>.FromMatrix(full).ToStorage(), SE3<Float64>.FromMatrix(upper).ToStorage());
        AssertNear(motion.Rotation.ToMatrix().Entries, SO3<Float64>.FromMatrix(full).ToMatrix().Entries);

        SE2<Float64> planar = SE2<Float64>.Random(new Random(8));
        var top = new Matrix<Float64>(2, 3, planar.ToMatrix().Entries[..6].ToArray());
        AssertEqual(planar.ToStorage(), SE2<Float64>.FromMatrix(top).ToStorage());
        AssertEqual(planar.Rotation.ToStorage(), SO2<Float64>.FromMatrix(top).ToStorage());
    }

    [Fact]
    public void Operators_are_composition_and_action()
    {
        SO3<Float64> a = SO3<Float64>.Random(new Random(1)), b = SO3<Float64>.Random(new Random(2));
        SE3<Float64> c = SE3<Float64>.Random(new Random(3)), d = SE3<Float64>.Random(new Random(4));
        AssertEqual(a.Compose(b).ToStorage(), (a * b).ToStorage());
        AssertEqual(c.Compose(d).ToStorage(), (c * d).ToStorage());
        AssertEqual(a.Act(s_point).ToStorage(), (a * s_point).ToStorage());
        AssertEqual(c.Act(s_point).ToStorage(), (c * s_point).ToStorage());
        AssertNear(s_point.ToStorage(), a.ActInverse(a * s_point).ToStorage());
        AssertNear(s_point.ToStorage(), c.ActInverse(c * s_point).ToStorage());
    }

    [Fact]
    public void Operators_of_the_plane_are_composition_and_action()
    {
        var point = new Point2<Float64>(0.4, -0.9);
        SO2<Float64> a = SO2<Float64>.FromAngle(1), b = SO2<Float64>.FromAngle(-2);
        SE2<Float64> c = SE2<Float64>.From(1, 2, 3), d = SE2<Float64>.From(-2, 1, 0.5);
        AssertEqual(a.Compose(b).ToStorage(), (a * b).ToStorage());
        AssertEqual(c.Compose(d).ToStorage(), (c * d).ToStorage());
        AssertEqual(a.Act(point).ToStorage(), (a * point).ToStorage());
        AssertEqual(c.Act(point).ToStorage(), (c * point).ToStorage());
        AssertNear(point.ToStorage(), a.ActInverse(a * point).ToStorage());
        AssertNear(point.ToStorage(), c.ActInverse(c * point).ToStorage());
    }

    /// <summary>If uniform, entries of R have mean 0 and mean square ⅓, and those of q mean square ¼.</summary>
    [Fact]
    public void Random_rotations_of_space_are_uniform()
    {
        const int count = 20_000;
        var random = new Random(9);
        double[] mean = new double[9], square = new double[9], quaternion = new double[4];
        for (int k = 0; k < count; k++)
        {
            SO3<Float64> x = SO3<Float64>.Random(random);
            Accumulate(mean, Numbers(x.ToMatrix().Entries), value => value / count);
            Accumulate(square, Numbers(x.ToMatrix().Entries), value => value * value / count);
            Accumulate(quaternion, Numbers(x.ToStorage()), value => value * value / count);
        }

        // Five standard errors: √(⅓/n), √(4/45/n) and √(1/16/n).
        Assert.All(mean, value => Assert.InRange(value, -0.0205, 0.0205));
        Assert.All(square, value => Assert.Equal(1 / 3.0, value, 0.0106));
        Assert.All(quaternion, value => Assert.Equal(0.25, value, 0.0089));
    }

    [Fact]
    public void Random_rotations_of_the_plane_are_uniform()
    {
        const int count = 20_000;
        var random = new Random(10);
        double[] moments = new double[4];
        for (int k = 0; k < count; k++)
        {
            double[] x = Numbers(SO2<Float64>.Random(random).ToStorage());
            Accumulate(moments, [x[0], x[1], x[0] * x[1], (x[0] * x[0]) - 0.5], value => value / count);
        }

        // Five standard errors of a cosine: √(½/n).
        Assert.All(moments, value => Assert.InRange(value, -0.025, 0.025));
    }

    [Fact]
    public void Random_translations_are_in_the_unit_cube()
    {
        var random = new Random(11);
        for (int k = 0; k < 100; k++)
        {
            Assert.All(SE3<Float64>.Random(random).ToStorage()[..3], x => Assert.InRange(x.Value, 0, 1));
            Assert.All(SE2<Float64>.Random(random).ToStorage()[..2], x => Assert.InRange(x.Value, 0, 1));
            Assert.All(Point3<Float64>.Random(random).ToStorage(), x => Assert.InRange(x.Value, 0, 1));
        }

        Assert.Throws<ArgumentNullException>(() => SE3<Float64>.Random(null!));
    }

    [Fact]
    public void Matrices_too_small_are_refused()
    {
        AssertRefused("SO2", "2×2", "1×2", () => SO2<Float64>.FromMatrix(Matrix<Float64>.Zero(1, 2)));
        AssertRefused("SE2", "2×3", "2×2", () => SE2<Float64>.FromMatrix(Matrix<Float64>.Identity(2)));
        AssertRefused("SO3", "3×3", "2×2", () => SO3<Float64>.FromMatrix(Matrix<Float64>.Identity(2)));
        AssertRefused("SE3", "3×4", "3×3", () => SE3<Float64>.FromMatrix(Matrix<Float64>.Identity(3)));
    }

    private static void AssertRefused(string type, string expected, string found, Action call)
    {
        string message = Assert.Throws<ArgumentException>(call).Message;
        Assert.Contains(type, message);
        Assert.Contains(expected, message);
        Assert.Contains(found, message);
    }

    private static void Accumulate(double[] sums, double[] values, Func<double, double> term)
    {
        for (int k = 0; k < sums.Length; k++)
            sums[k] += term(values[k]);
    }
}
