using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <content>Poses against poses.</content>
internal static partial class RealisticCosts
{
    private static IEnumerable<RealisticCost> Motions()
    {
        yield return Cost(
            "SE3 between, full weight",
            Function.Compile(
                (SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> measured, Vector<Scalar> weight) =>
                    Square(6, weight) * measured.Local(a.Between(b)),
                [Shape.Vector(36)]),
            sampler => [.. PairOf<SE3<Float64>>(sampler), sampler.Uniform(36)]);
        yield return Cost(
            "SE2 between, full weight",
            Function.Compile(
                (SE2<Scalar> a, SE2<Scalar> b, SE2<Scalar> measured, Vector<Scalar> weight) =>
                    Square(3, weight) * measured.Local(a.Between(b)),
                [Shape.Vector(9)]),
            sampler => [.. PairOf<SE2<Float64>>(sampler), sampler.Uniform(9)]);
        yield return Cost(
            "SO3 between, diagonal weight",
            Function.Compile(
                (SO3<Scalar> a, SO3<Scalar> b, SO3<Scalar> measured, Vector<Scalar> weight) =>
                    weight * (measured.Inverse() * (a.Inverse() * b)).Log(),
                [Shape.Vector(3)]),
            sampler => [.. PairOf<SO3<Float64>>(sampler), sampler.Uniform(3)]);
        yield return Cost(
            "SO2 between, scale weight",
            Function.Compile((SO2<Scalar> a, SO2<Scalar> b, SO2<Scalar> measured, Scalar weight) =>
                weight * measured.Local(a.Between(b))),
            sampler => [.. PairOf<SO2<Float64>>(sampler), sampler.Uniform(1)]);
        yield return Cost(
            "SE3 difference, diagonal weight",
            Function.Compile(
                (SE3<Scalar> x, SE3<Scalar> target, Vector<Scalar> weight) =>
                    weight * target.Local(x),
                [Shape.Vector(6)]),
            sampler =>
            {
                double[] target = sampler.Measurement<SE3<Float64>>();
                return [sampler.Disturbed<SE3<Float64>>(target), target, sampler.Uniform(6)];
            });
        yield return Cost(
            "Three poses in a chain",
            Function.Compile((SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> c, SE3<Scalar> measured) =>
                measured.Local(a.Between(b) * b.Between(c))),
            sampler =>
            {
                double[][] pair = PairOf<SE3<Float64>>(sampler);
                return [pair[0], sampler.Element<SE3<Float64>>(), pair[1], pair[2]];
            });
        yield return Cost(
            "Two poses in two frames",
            Function.Compile((SE3<Scalar> f, SE3<Scalar> p, SE3<Scalar> g, SE3<Scalar> q, SE3<Scalar> measured) =>
                (measured.Inverse() * (f.Inverse() * p).Inverse() * (g.Inverse() * q)).Log()),
            sampler =>
            {
                double[][] pair = PairOf<SE3<Float64>>(sampler);
                double[] f = sampler.Element<SE3<Float64>>(), g = sampler.Element<SE3<Float64>>();
                return
                [
                    f, CostSampler.Compose<SE3<Float64>>(f, pair[0]), g,
                    CostSampler.Compose<SE3<Float64>>(g, pair[1]), pair[2],
                ];
            });
        yield return Cost(
            "Pose between two poses",
            Function.Compile((SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> x, Scalar time) =>
                x.Local(a.Retract(time * a.Local(b)))),
            sampler =>
            {
                double[][] pair = PairOf<SE3<Float64>>(sampler);
                return [pair[0], pair[1], sampler.Element<SE3<Float64>>(), sampler.Uniform(1, 0.2, 0.8)];
            });
        yield return Cost(
            "Pose of a translation and a rotation vector",
            Function.Compile((Point3<Scalar> translation, Vector<Scalar> turn, SE3<Scalar> x) =>
                x.Between(SE3<Scalar>.From(translation, SO3<Scalar>.Exp(turn))), [Shape.Vector(3)]),
            sampler => [sampler.Uniform(3), sampler.Turn(3), sampler.Element<SE3<Float64>>()]);
        yield return Cost(
            "Roll, pitch and yaw there and back",
            Function.Compile((Scalar roll, Scalar pitch, Scalar yaw, SO3<Scalar> x) =>
                (x * SO3<Scalar>.FromRollPitchYaw(roll, pitch, yaw)).ToRollPitchYaw()),
            sampler =>
            [
                sampler.Error(1), sampler.Error(1), sampler.Error(1),
                sampler.IsExact ? CostSampler.Storage(SO3<Float64>.Identity) : sampler.Element<SO3<Float64>>(),
            ],
            s_noTurns);
        yield return Cost(
            "Pose of a matrix",
            Function.Compile((SE3<Scalar> a, SE3<Scalar> b) => SE3<Scalar>.FromMatrix(a.Between(b).ToMatrix()).Log()),
            sampler => PairOf<SE3<Float64>>(sampler)[..2]);
        yield return Cost(
            "Rotation of nine raw numbers",
            Function.Compile(
                (Vector<Scalar> entries, SO3<Scalar> x) =>
                    x.Local(SO3<Scalar>.FromMatrix(Square(3, entries)).Normalize()),
                [Shape.Vector(9)]),
            sampler =>
            {
                double[] x = sampler.Measurement<SO3<Float64>>();
                SO3<Float64> y = CostSampler.From<SO3<Float64>>(sampler.Disturbed<SO3<Float64>>(x));
                return [Array.ConvertAll(y.ToMatrix().Entries.ToArray(), entry => entry.Value), x];
            });
        yield return Cost(
            "Quaternion of raw numbers",
            Function.Compile(
                (Vector<Scalar> q, SO3<Scalar> x) =>
                    SO3<Scalar>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]).Normalize().Local(x),
                [Shape.Vector(4)]),
            sampler =>
            {
                double[] x = sampler.Measurement<SO3<Float64>>();
                return [sampler.Disturbed<SO3<Float64>>(x), x];
            });
        yield return Cost(
            "Odometry, pose-valued",
            Function.Compile((SE2<Scalar> x, Vector<Scalar> step, SO2<Scalar> drift) =>
                SE2<Scalar>.From(x.Translation, x.Rotation * drift).Retract(step), [Shape.Vector(3)]),
            sampler =>
                [sampler.Element<SE2<Float64>>(), sampler.Tangent<SE2<Float64>>(), sampler.Element<SO2<Float64>>()]);
        yield return Cost(
            "Mean of two poses, pose-valued",
            Function.Compile((SE3<Scalar> a, SE3<Scalar> b) => a * SE3<Scalar>.Exp(0.5 * a.Local(b))),
            sampler => PairOf<SE3<Float64>>(sampler)[..2]);
        yield return Cost(
            "Rotation averaging by matrices",
            Function.Compile((SO3<Scalar> a, SO3<Scalar> b, SO3<Scalar> measured) =>
                new Vector<Scalar>(((a * measured).ToMatrix() - b.ToMatrix()).Entries.ToArray())),
            PairOf<SO3<Float64>>);
    }

    /// <summary>Two elements and a measurement of what is between them: b = a∘measured∘Exp(error).</summary>
    private static double[][] PairOf<TGroup>(CostSampler sampler)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        double[] a = sampler.Element<TGroup>();
        double[] measured = sampler.Measurement<TGroup>();
        double[] b = sampler.IsExact ? a : CostSampler.Compose<TGroup>(a, measured);
        return [a, sampler.Disturbed<TGroup>(b), measured];
    }
}
