using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>
/// Constants of every type, each measured by something optimised, with residual, under Geman and McClure's loss.
/// </summary>
internal static class TypesProblem
{
    public static AdjointProblem Create(int batch)
    {
        var random = new Random(11);
        Variable<SE2<Scalar>> pose = Variable.SE2("pose");
        Variable<SO3<Scalar>> rotation = Variable.SO3("rotation");
        Variable<Point2<Scalar>> point = Variable.Point2("point");
        Variable<Scalar> size = Variable.Scalar("size");
        Variable<SO2<Scalar>> heading = Variable.SO2("heading", VariableRole.Constant);
        Variable<SE2<Scalar>> frame = Variable.SE2("frame", VariableRole.Constant);
        Variable<SO3<Scalar>> turn = Variable.SO3("turn", VariableRole.Constant);
        Variable<SE3<Scalar>> motion = Variable.SE3("motion", VariableRole.Constant);
        Variable<Point2<Scalar>> mark = Variable.Point2("mark", VariableRole.Constant);
        Variable<Point3<Scalar>> seen = Variable.Point3("seen", VariableRole.Constant);
        Variable<Vector<Scalar>> bias = Variable.Vector("bias", 3, VariableRole.Constant);
        Variable<Scalar> gain = Variable.Scalar("gain", VariableRole.Constant);
        Variable<Scalar> radius = Variable.Scalar("radius", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(pose, frame, Difference.Residual);
        objective.Add(rotation, turn, Difference.Residual, loss: RobustLoss.GemanMcClure(radius));
        for (int k = 0; k < 2; k++)
        {
            Point2<Scalar> offset = new(0.2 * k, -0.3 * k);
            objective.Add(
                pose, point, mark, (x, p, z) => x.ActInverse(p) - z - offset, loss: RobustLoss.GemanMcClure(radius));
        }

        objective.Add(point, heading, mark, gain, (p, h, z, g) => h.Act(p) - (z * g));
        objective.Add(
            rotation, motion, seen, bias,
            (q, x, z, b) => new Vector<Scalar>(
                q.Act(z).X - x.Act(z).X - b[0], q.Act(z).Y - x.Act(z).Y - b[1], q.Act(z).Z - x.Act(z).Z - b[2]),
            CostWeight.Scale(gain));
        objective.Add(size, point, gain, (s, p, g) => new Vector<Scalar>(s - g, (s * p.X) - 0.4));

        var values = new Values(batch);
        for (int element = 0; element < batch; element++)
        {
            values.Set(pose, element, SE2<Float64>.ExpRule(Tangent(random, 3)));
            values.Set(frame, element, SE2<Float64>.ExpRule(Tangent(random, 3)));
            values.Set(turn, element, SO3<Float64>.ExpRule(Tangent(random, 3)));
            values.Set(motion, element, SE3<Float64>.ExpRule(Tangent(random, 6)));
            values.Set(heading, element, SO2<Float64>.ExpRule(Tangent(random, 1)));
            values.Set(seen, element, Point3<Float64>.Random(random));
        }

        values.Set(rotation, SO3<Float64>.Identity);
        values.Set(point, 0.3, 0.6);
        values.Set(mark, 0.5, 0.4);
        values.Set(size, 1);
        values.Set(gain, 1.1);
        values.Set(bias, AdjointProblem.Numbers(random, 3, 0.2));
        values.Set(radius, 0.5);
        return new(objective.Compile(), values);
    }

    private static Float64[] Tangent(Random random, int length) =>
        Array.ConvertAll(AdjointProblem.Numbers(random, length, 0.4), x => (Float64)x);
}
