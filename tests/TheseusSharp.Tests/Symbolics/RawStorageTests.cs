using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Group elements made of raw numbers, such as a network puts out: derivatives by the numbers.</summary>
public class RawStorageTests
{
    [Fact]
    public void A_quaternion_of_any_norm_is_normalised()
    {
        Function function = Function.Compile(
            (Vector<Scalar> q, SO3<Scalar> x) =>
                SO3<Scalar>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]).Normalize().Local(x),
            [Shape.Vector(4)]);
        CheckAt<SO3<Float64>>(function, 4);
    }

    [Fact]
    public void A_pose_of_a_quaternion_of_any_norm_is_normalised()
    {
        Function function = Function.Compile(
            (Vector<Scalar> q, SE3<Scalar> x) => SE3<Scalar>.From(
                new(q[0], q[1], q[2]), SO3<Scalar>.FromQuaternionWxyz(q[3], q[4], q[5], q[6]).Normalize()).Local(x),
            [Shape.Vector(7)]);
        CheckAt<SE3<Float64>>(function, 7);
    }

    [Fact]
    public void A_direction_of_any_length_is_normalised()
    {
        Function function = Function.Compile(
            (Vector<Scalar> d, SO2<Scalar> x) =>
                SO2<Scalar>.FromStorage([d[0], d[1]]).Normalize().Local(x),
            [Shape.Vector(2)]);
        CheckAt<SO2<Float64>>(function, 2);
    }

    [Fact]
    public void The_storage_of_a_motion_is_normalised()
    {
        CheckAt<SE3<Float64>>(
            Function.Compile(
                (Vector<Scalar> raw, SE3<Scalar> x) => SE3<Scalar>.FromStorage(raw.AsSpan()).Normalize().Local(x),
                [Shape.Vector(7)]),
            7);
        CheckAt<SE2<Float64>>(
            Function.Compile(
                (Vector<Scalar> raw, SE2<Scalar> x) => SE2<Scalar>.FromStorage(raw.AsSpan()).Normalize().Local(x),
                [Shape.Vector(4)]),
            4);
    }

    [Fact]
    public void A_quaternion_normalised_by_hand_is_the_same()
    {
        Function function = Function.Compile(
            (Vector<Scalar> raw, SO3<Scalar> x) =>
            {
                Vector<Scalar> q = raw / raw.Norm();
                return SO3<Scalar>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]).Local(x);
            },
            [Shape.Vector(4)]);
        CheckAt<SO3<Float64>>(function, 4);
    }

    [Fact]
    public void An_angle_makes_a_motion_of_the_plane()
    {
        Function function = Function.Compile(
            (Vector<Scalar> raw, SE2<Scalar> x) =>
                SE2<Scalar>.From(raw[0], raw[1], raw[2]).Local(x),
            [Shape.Vector(3)]);
        CheckAt<SE2<Float64>>(function, 3);
    }

    private static void CheckAt<TGroup>(Function function, int length)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        var sampler = new CostSampler(length, CostMode.Random, single: false);
        double[][] Draw(double scale) =>
            [[.. sampler.Uniform(length, 0.2, 1).Select(x => scale * x)], sampler.Element<TGroup>()];
        FunctionCheck.Check(function, [Draw(1), Draw(0.4), Draw(3)]);
    }
}
