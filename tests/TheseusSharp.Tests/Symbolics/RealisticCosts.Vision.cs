using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <content>Points and cameras.</content>
internal static partial class RealisticCosts
{
    private static IEnumerable<RealisticCost> Vision()
    {
        yield return Cost(
            "Point to point",
            Function.Compile((SE3<Scalar> x, Point3<Scalar> from, Point3<Scalar> to) => x.Act(from) - to),
            sampler =>
            {
                double[] x = sampler.Measurement<SE3<Float64>>(), from = sampler.Uniform(3, -2, 2);
                Point3<Float64> moved = CostSampler.From<SE3<Float64>>(x).Act(CostSampler.From<Point3<Float64>>(from));
                return [x, from, sampler.Disturbed(CostSampler.Storage(moved))];
            },
            s_noTurns);
        yield return Cost(
            "Snavely's reprojection, angle-axis camera",
            Function.Compile(
                (Vector<Scalar> camera, Point3<Scalar> point, Vector<Scalar> pixel) => Snavely(camera, point) - pixel,
                [Shape.Vector(9), Shape.Vector(2)]),
            sampler =>
            {
                double[] camera =
                [
                    .. sampler.Turn(3), .. sampler.Uniform(2), -8, .. sampler.Uniform(1, 300, 500),
                    .. sampler.Uniform(2, -0.1, 0.1),
                ];
                double[] point = sampler.Uniform(3);
                double[] pixel =
                    Predict(() => Snavely(new(CostSampler.Numbers(camera)), CostSampler.From<Point3<Float64>>(point)));
                return [camera, point, sampler.Disturbed(pixel)];
            });
        yield return Cost(
            "Pinhole reprojection",
            Function.Compile(
                (SE3<Scalar> pose, Point3<Scalar> point, Vector<Scalar> intrinsics, Vector<Scalar> pixel) =>
                    Pinhole(pose, point, intrinsics) - pixel,
                [Shape.Vector(4), Shape.Vector(2)]),
            sampler =>
            {
                double[] pose = sampler.Measurement<SE3<Float64>>();
                SE3<Float64> camera = CostSampler.From<SE3<Float64>>(pose);
                double[] seen = [.. sampler.Uniform(2), .. sampler.Uniform(1, 3, 6)];
                Point3<Float64> point = camera.Act(CostSampler.From<Point3<Float64>>(seen));
                double[] intrinsics = sampler.Uniform(4, 0.5, 2);
                double[] pixel = Predict(() => Pinhole(camera, point, new(CostSampler.Numbers(intrinsics))));
                return [pose, CostSampler.Storage(point), intrinsics, sampler.Disturbed(pixel)];
            },
            s_noTurns);
        yield return Cost(
            "Homography",
            Function.Compile(
                (Vector<Scalar> h, Point2<Scalar> from, Vector<Scalar> to) => Transfer(h, from) - to,
                [Shape.Vector(8), Shape.Vector(2)]),
            sampler =>
            {
                double[] h = [.. sampler.Uniform(6), .. sampler.Uniform(2, -0.2, 0.2)], from = sampler.Uniform(2);
                double[] to =
                    Predict(() => Transfer(new(CostSampler.Numbers(h)), CostSampler.From<Point2<Float64>>(from)));
                return [h, from, sampler.Disturbed(to)];
            },
            s_noTurns);
        yield return Cost(
            "Epipolar constraint",
            Function.Compile((SE3<Scalar> a, SE3<Scalar> b, Point3<Scalar> p, Point3<Scalar> q) =>
            {
                SE3<Scalar> motion = a.Between(b);
                return p.Dot(motion.Translation.Cross(motion.Rotation.Act(q)));
            }),
            sampler => [.. PairOf<SE3<Float64>>(sampler)[..2], sampler.Uniform(3), sampler.Uniform(3)]);
    }

    /// <summary>Snavely, Seitz and Szeliski's camera, as in the BAL data sets.</summary>
    private static Vector<T> Snavely<T>(Vector<T> camera, Point3<T> point)
        where T : struct, IScalar<T>
    {
        Point3<T> p = SO3<T>.Exp(camera.Slice(0, 3)).Act(point) + new Point3<T>(camera[3], camera[4], camera[5]);
        T x = -p.X / p.Z, y = -p.Y / p.Z;
        T squared = (x * x) + (y * y);
        T scale = camera[6] * (1.0 + (squared * (camera[7] + (camera[8] * squared))));
        return new(scale * x, scale * y);
    }

    private static Vector<T> Pinhole<T>(SE3<T> pose, Point3<T> point, Vector<T> intrinsics)
        where T : struct, IScalar<T>
    {
        Point3<T> p = pose.ActInverse(point);
        return new((intrinsics[0] * p.X / p.Z) + intrinsics[2], (intrinsics[1] * p.Y / p.Z) + intrinsics[3]);
    }

    private static Vector<T> Transfer<T>(Vector<T> h, Point2<T> p)
        where T : struct, IScalar<T>
    {
        T w = (h[6] * p.X) + (h[7] * p.Y) + 1.0;
        return new(((h[0] * p.X) + (h[1] * p.Y) + h[2]) / w, ((h[3] * p.X) + (h[4] * p.Y) + h[5]) / w);
    }
}
