using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <content>Costs over row arrays and tables.</content>
internal static partial class RealisticCosts
{
    private const int PointCount = 11;

    private static IEnumerable<RealisticCost> Data()
    {
        yield return Cost(
            "Curve fit",
            Function.Compile(
                (Scalar a, Scalar b, Rows points) =>
                    Rows.Of(points[1] - (a * Scalar.Exp(b * points[0]))),
                [Shape.Rows(2)]),
            sampler =>
            {
                double[] parameters = sampler.Uniform(2), x = sampler.Uniform(PointCount);
                IEnumerable<double> points = x.SelectMany(at =>
                    (double[])[at, (parameters[0] * Math.Exp(parameters[1] * at)) + sampler.Error(1)[0]]);
                return [[parameters[0]], [parameters[1]], [.. points]];
            },
            s_noTurns);
        yield return Cost(
            "Sphere fit",
            Function.Compile(
                (Point3<Scalar> center, Scalar radius, Rows points) =>
                    Rows.Of((new Point3<Scalar>(points[0], points[1], points[2]) - center).Norm() - radius),
                [Shape.Rows(3)]),
            sampler => [sampler.Uniform(3), sampler.Uniform(1), sampler.Uniform(3 * PointCount, 2, 4)],
            [CostMode.Random]);
        yield return Cost(
            "Point cloud to planes, robust",
            Function.Compile(
                (SE3<Scalar> x, Scalar logRadius, Rows points) =>
                {
                    Scalar squared = Square(PointToPlane(x, points));
                    return Rows.Sum(squared / (Scalar.Exp(logRadius) + squared));
                },
                [Shape.Rows(9)]),
            sampler => [sampler.Measurement<SE3<Float64>>(), sampler.Uniform(1), PlanesOf(sampler)],
            s_noTurns);
        yield return Cost(
            "Collision with a signed distance field",
            Function.Compile(
                (SE2<Scalar> x, Point2<Scalar> onBody, Vector<Scalar> grid, Scalar safe, Table distances) =>
                {
                    Point2<Scalar> p = x.Act(onBody);
                    Scalar distance = distances.Interpolate((p.X - grid[0]) / grid[2], (p.Y - grid[1]) / grid[2]);
                    return Scalar.Max(safe - distance, 0);
                },
                [Shape.Vector(3), Shape.Table(5, 6)]),
            sampler =>
            {
                double[] field = sampler.Uniform(30), safe = sampler.Mode == CostMode.ZeroError ? [-3] : [3];
                return [sampler.Element<SE2<Float64>>(), sampler.Uniform(2), [-3.7, -3.9, 1.3], safe, field];
            },
            [CostMode.Random, CostMode.ZeroError]);
        yield return Cost(
            "Photometric alignment",
            Function.Compile(
                (SE2<Scalar> x, Scalar gain, Rows pixels, Table image) =>
                {
                    Point2<Scalar> p = x.Act(new(pixels[0], pixels[1]));
                    return Rows.Of((gain * image.Interpolate(p.X, p.Y)) - pixels[2]);
                },
                [Shape.Rows(3), Shape.Table(5, 6)]),
            sampler =>
            [
                sampler.Element<SE2<Float64>>(), sampler.Uniform(1), sampler.Uniform(3 * PointCount, 1, 4),
                sampler.Uniform(30),
            ],
            [CostMode.Random]);
    }

    private static Scalar Square(Scalar x) => x * x;

    /// <summary>A row is a point, a point of a plane, and the plane's normal.</summary>
    private static Scalar PointToPlane(SE3<Scalar> x, Rows row)
    {
        Point3<Scalar> moved = x.Act(new(row[0], row[1], row[2]));
        return new Point3<Scalar>(row[6], row[7], row[8]).Dot(moved - new Point3<Scalar>(row[3], row[4], row[5]));
    }

    /// <summary>
    /// Planes through the points, so that the identity has no error; for other motions they are merely planes.
    /// </summary>
    private static double[] PlanesOf(CostSampler sampler) =>
    [
        .. Enumerable.Range(0, PointCount).SelectMany(_ =>
        {
            double[] point = sampler.Uniform(3);
            return (double[])[.. point, .. sampler.Disturbed(point), .. sampler.Uniform(3)];
        }),
    ];
}
