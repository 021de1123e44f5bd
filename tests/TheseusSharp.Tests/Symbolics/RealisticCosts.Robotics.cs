using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <content>Ranges, motion models, robust losses.</content>
internal static partial class RealisticCosts
{
    private static IEnumerable<RealisticCost> Robotics() => [.. Sensors(), .. MotionModels(), .. Losses()];

    private static IEnumerable<RealisticCost> Sensors()
    {
        yield return Cost(
            "Range",
            Function.Compile((SE3<Scalar> x, Point3<Scalar> beacon, Scalar range) =>
                (x.Translation - beacon).Norm() - range),
            sampler =>
            {
                double[] x = sampler.Element<SE3<Float64>>(), beacon = sampler.Uniform(3, 3, 5);
                Point3<Float64> position = CostSampler.From<SE3<Float64>>(x).Translation;
                Point3<Float64> offset = position - CostSampler.From<Point3<Float64>>(beacon);
                return [x, beacon, sampler.Disturbed([offset.Norm()])];
            },
            s_noTurns);
        yield return Cost(
            "Bearing and range",
            Function.Compile((SE2<Scalar> x, Point2<Scalar> landmark, SO2<Scalar> bearing, Scalar range) =>
            {
                Point2<Scalar> seen = x.ActInverse(landmark);
                SO2<Scalar> direction = SO2<Scalar>.FromAngle(Scalar.Atan2(seen.Y, seen.X));
                return new Vector<Scalar>(bearing.Local(direction)[0], seen.Norm() - range);
            }),
            sampler =>
            {
                double[] x = sampler.Element<SE2<Float64>>(), bearing = sampler.Element<SO2<Float64>>();
                double range = sampler.Uniform(1, 1, 3)[0];
                double[] turned = sampler.Disturbed<SO2<Float64>>(bearing);
                var seen = new Point2<Float64>(range * turned[0], range * turned[1]);
                Point2<Float64> landmark = CostSampler.From<SE2<Float64>>(x).Act(seen);
                return [x, CostSampler.Storage(landmark), bearing, sampler.Disturbed([range])];
            });
        yield return Cost(
            "Hinge on a distance",
            Function.Compile((SE2<Scalar> x, Point2<Scalar> onBody, Point2<Scalar> obstacle, Scalar margin) =>
            {
                Scalar gap = (x.Act(onBody) - obstacle).Norm() - margin;
                return new Vector<Scalar>(Scalar.Max(-gap, 0), Scalar.Where(gap < 0, gap * gap, 0));
            }),
            sampler =>
            {
                double[] x = sampler.Element<SE2<Float64>>();
                double[] body = sampler.Uniform(2), obstacle = sampler.Uniform(2, 3, 5);
                Point2<Float64> moved = CostSampler.From<SE2<Float64>>(x).Act(CostSampler.From<Point2<Float64>>(body));
                double distance = (moved - CostSampler.From<Point2<Float64>>(obstacle)).Norm();
                double inside = sampler.Mode == CostMode.ZeroError ? -1 : Math.Abs(sampler.Error(1)[0]);
                return [x, body, obstacle, [distance + inside]];
            },
            s_noTurns);
    }

    private static IEnumerable<RealisticCost> MotionModels()
    {
        yield return Cost(
            "Gaussian-process prior, double integrator",
            Function.Compile(
                (SE2<Scalar> x, Vector<Scalar> v, SE2<Scalar> y, Vector<Scalar> w, Scalar time,
                    Vector<Scalar> weight) =>
                {
                    Vector<Scalar> moved = x.Local(y) - (time * v), faster = w - v;
                    Vector<Scalar> first = Scalar.Sqrt(12 / (time * time * time)) * (moved - (time / 2 * faster));
                    return (weight * first).Concat(weight * (faster / Scalar.Sqrt(time)));
                },
                [Shape.Vector(3), Shape.Vector(3), Shape.Vector(3)]),
            sampler =>
            {
                double[] x = sampler.Element<SE2<Float64>>(), time = sampler.Uniform(1, 0.3, 1);
                double[] v = sampler.IsExact ? [0, 0, 0] : sampler.Uniform(3);
                double[] step = CostSampler.Exp<SE2<Float64>>([.. v.Select(speed => speed * time[0])]);
                double[] y = sampler.IsExact ? x : CostSampler.Compose<SE2<Float64>>(x, step);
                return [x, v, sampler.Disturbed<SE2<Float64>>(y), sampler.Disturbed(v), time, sampler.Uniform(3)];
            });
        yield return Cost(
            "Nonholonomic vehicle",
            Function.Compile((SE2<Scalar> x, SE2<Scalar> y, Scalar curvature) =>
            {
                Vector<Scalar> moved = x.Local(y);
                return new Vector<Scalar>(moved[1], moved[2] - (curvature * moved[0]));
            }),
            sampler => [.. PairOf<SE2<Float64>>(sampler)[..2], sampler.Uniform(1)]);
        yield return Cost(
            "Quasi-static pushing",
            Function.Compile(
                (SE2<Scalar> before, SE2<Scalar> after, Point2<Scalar> touch, Point2<Scalar> touchAfter,
                    Scalar friction) =>
                {
                    Vector<Scalar> twist = before.Local(after);
                    Point2<Scalar> contact = before.ActInverse(touch);
                    Point2<Scalar> slip = before.ActInverse(touchAfter) - contact;
                    Scalar torque = (contact.X * twist[1]) - (contact.Y * twist[0]);
                    return new Vector<Scalar>(
                        (friction * friction * twist[2]) - torque,
                        twist[0] - (twist[2] * contact.Y) - slip.X,
                        twist[1] + (twist[2] * contact.X) - slip.Y);
                }),
            sampler =>
            [
                .. PairOf<SE2<Float64>>(sampler)[..2], sampler.Uniform(2), sampler.Uniform(2),
                sampler.Uniform(1, 0.5, 1),
            ]);
        yield return Cost(
            "Inertial preintegration",
            Function.Compile(
                (SE3<Scalar> x, Point3<Scalar> v, SE3<Scalar> y, Point3<Scalar> w, SO3<Scalar> turned,
                    Vector<Scalar> moved, Vector<Scalar> bias, Scalar time) =>
                    Inertial(x, v, y, w, turned, moved, bias, time),
                [Shape.Vector(6), Shape.Vector(3)]),
            sampler =>
            {
                double[][] pair = PairOf<SE3<Float64>>(sampler);
                double[] turned = sampler.Disturbed<SO3<Float64>>(
                    CostSampler.Between<SO3<Float64>>(pair[0][3..], pair[1][3..]));
                double[] bias = sampler.Mode == CostMode.ZeroError ? [0, 0, 0] : sampler.Uniform(3, -0.1, 0.1);
                double[] v = sampler.Uniform(3), w = sampler.Uniform(3);
                return [pair[0], v, pair[1], w, turned, sampler.Uniform(6), bias, [0.25]];
            });
    }

    private static IEnumerable<RealisticCost> Losses()
    {
        yield return Cost(
            "Huber loss",
            RobustBetween(static (squared, radius) =>
                Scalar.Where(squared > radius, (2 * Scalar.Sqrt(radius * squared)) - radius, squared)),
            RobustPair,
            s_noTurns);
        yield return Cost(
            "Welsch loss",
            RobustBetween(static (squared, radius) => radius * (1 - Scalar.Exp(-squared / radius))),
            RobustPair,
            s_noTurns);
        yield return Cost(
            "Geman-McClure loss",
            RobustBetween(static (squared, radius) => radius * squared / (radius + squared)),
            RobustPair,
            s_noTurns);
        yield return Cost(
            "Huber-weighted residual",
            Function.Compile((SE2<Scalar> x, SE2<Scalar> y, Scalar logRadius) =>
            {
                Vector<Scalar> error = x.Local(y);
                Scalar squared = error.SquaredNorm(), radius = Scalar.Exp(logRadius);
                return Scalar.Sqrt(Scalar.Where(squared > radius, Scalar.Sqrt(radius / squared), 1)) * error;
            }),
            sampler => [.. PairOf<SE2<Float64>>(sampler)[..2], sampler.Uniform(1, -2, 2)]);
    }

    private static double[][] RobustPair(CostSampler sampler) =>
        [.. PairOf<SE3<Float64>>(sampler), sampler.Uniform(1, -3, 1)];

    private static Function RobustBetween(Func<Scalar, Scalar, Scalar> loss) =>
        Function.Compile((SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> measured, Scalar logRadius) =>
            loss(measured.Local(a.Between(b)).SquaredNorm(), Scalar.Exp(logRadius)));

    /// <summary>After Forster et al., "On-manifold preintegration", 2017, with a gyroscope bias only.</summary>
    private static Vector<Scalar> Inertial(
        SE3<Scalar> x, Point3<Scalar> v, SE3<Scalar> y, Point3<Scalar> w, SO3<Scalar> turned, Vector<Scalar> moved,
        Vector<Scalar> bias, Scalar time)
    {
        var gravity = new Point3<Scalar>(0, 0, -9.81);
        Point3<Scalar> faster = x.Rotation.ActInverse(w - v - (time * gravity));
        Point3<Scalar> ahead = x.Rotation.ActInverse(
            y.Translation - x.Translation - (time * v) - (0.5 * time * time * gravity));
        Vector<Scalar> rotation = (turned * SO3<Scalar>.Exp(time * bias)).Local(x.Rotation.Between(y.Rotation));
        return rotation.Concat(faster.ToVector().Concat(ahead.ToVector()) - moved);
    }
}
