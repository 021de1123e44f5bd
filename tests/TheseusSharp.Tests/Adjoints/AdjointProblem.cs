using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>A problem with residual, in which much can be learned; the elements of the batch differ.</summary>
internal sealed record AdjointProblem(Problem Problem, Values Initial)
{
    private const int Points = 8;

    /// <summary>The names of all problems.</summary>
    public static string[] Names { get; } = ["linear", "curve", "SE2", "SE3", "mixed", "types"];

    public IEnumerable<Variable> Optimized => Problem.Variables.Take(Problem.OptimizedCount);

    public IEnumerable<Variable> Constants => Problem.Variables.Skip(Problem.OptimizedCount);

    /// <summary>All problems, each with everything of a list.</summary>
    public static TheoryData<string, string> NamesWith(params string[] others)
    {
        var data = new TheoryData<string, string>();
        foreach (string name in Names)
            foreach (string other in others)
                data.Add(name, other);
        return data;
    }

    /// <summary>An optimiser by its name, each damped in another way; others are Gauss–Newton.</summary>
    public static Optimizer Optimizer(string name) => name switch
    {
        "constant" => new LevenbergMarquardt { Damping = 0.1, Rule = DampingRule.Constant },
        "nielsen" => new LevenbergMarquardt { Damping = 0.1 },
        "ratios" => new LevenbergMarquardt { Damping = 0.1, Rule = DampingRule.Ratios },
        "ellipsoidal" => new LevenbergMarquardt { Damping = 0.1, IsEllipsoidal = true },
        _ => new GaussNewton(),
    };

    public static AdjointProblem Of(string name, int batch) => name switch
    {
        "linear" => Linear(batch),
        "curve" => Curve(batch),
        "SE2" => Graph<SE2<Scalar>, SE2<Float64>>(batch),
        "SE3" => Graph<SE3<Scalar>, SE3<Float64>>(batch),
        "mixed" => MixedProblem.Create(batch),
        _ => TypesProblem.Create(batch),
    };

    /// <summary>A random gradient of an outer loss.</summary>
    public Gradients OuterGradient(int seed = 3)
    {
        var random = new Random(seed);
        var gradients = new Gradients(Initial.BatchSize);
        foreach (Variable variable in Optimized)
            gradients.Set(variable, Numbers(random, Initial.BatchSize * variable.Kind.TangentLength));
        return gradients;
    }

    /// <summary>The problem with the values of one element only.</summary>
    public AdjointProblem Element(int element) => this with { Initial = ElementOf(Initial, element) };

    public Values ElementOf(Values values, int element)
    {
        var single = new Values();
        foreach (Variable variable in Problem.Variables)
        {
            var storage = new double[variable.Kind.StorageLength];
            values.CopyTo(variable, element, storage);
            single.Set(variable, storage);
        }

        return single;
    }

    public static Gradients ElementOf(Gradients gradients, int element)
    {
        var single = new Gradients();
        foreach (Variable variable in gradients.Variables)
            single.Set(variable, gradients.Of(variable, element));
        return single;
    }

    public static long[] Bits(Gradients gradients, int element = 0) =>
    [
        .. gradients.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal)
            .SelectMany(variable => gradients.Of(variable, element).ToArray()).Select(BitConverter.DoubleToInt64Bits),
    ];

    public static double[] Numbers(Random random, int count, double size = 1, double centre = 0) =>
        [.. Enumerable.Range(0, count).Select(_ => centre + (size * ((2 * random.NextDouble()) - 1)))];

    private static AdjointProblem Linear(int batch)
    {
        var random = new Random(1);
        Variable<Vector<Scalar>> x = Variable.Vector("x", 3), b = Variable.Vector("b", 5, VariableRole.Constant);
        Variable<Scalar> scale = Variable.Scalar("scale", VariableRole.Constant);
        double[] a = Numbers(random, 15);
        var objective = new Objective();
        objective.Add(x, b, (u, v) => new Vector<Scalar>([.. Enumerable.Range(0, 5).Select(
            i => (a[3 * i] * u[0]) + (a[(3 * i) + 1] * u[1]) + (a[(3 * i) + 2] * u[2]) - v[i])]));
        objective.Add(x, u => new Vector<Scalar>(u[0] - 0.5, u[1] + 0.3, u[2]), CostWeight.Scale(scale));
        var values = new Values(batch);
        values.Set(x, Numbers(random, 3 * batch));
        values.Set(b, Numbers(random, 5 * batch));
        values.Set(scale, Numbers(random, batch, 0.2, 1));
        return new(objective.Compile(), values);
    }

    /// <summary>y = a·exp(b·t) through noisy points in pairs; data, weights and the loss' radius are learned.</summary>
    private static AdjointProblem Curve(int batch)
    {
        var random = new Random(2);
        Variable<Scalar> a = Variable.Scalar("a"), b = Variable.Scalar("b");
        Variable<Vector<Scalar>> y = Variable.Vector("y", Points, VariableRole.Constant);
        Variable<Vector<Scalar>> w = Variable.Vector("w", 2, VariableRole.Constant);
        Variable<Scalar> r = Variable.Scalar("r", VariableRole.Constant);
        var objective = new Objective();
        for (int k = 0; k < Points; k += 2)
        {
            int i = k;
            objective.Add(
                a, b, y, (p, q, data) => new Vector<Scalar>(
                    (p * Scalar.Exp(q * (0.2 * i))) - data[i], (p * Scalar.Exp(q * (0.2 * (i + 1)))) - data[i + 1]),
                CostWeight.Diagonal(w), RobustLoss.Welsch(r));
        }

        var values = new Values(batch);
        values.Set(a, Numbers(random, batch, 0.1, 1));
        values.Set(b, Numbers(random, batch, 0.1, 0.7));
        values.Set(y, [.. Enumerable.Range(0, batch).SelectMany(element => Enumerable.Range(0, Points).Select(
            i => ((1.2 + (0.1 * element)) * Math.Exp(0.12 * i)) + (0.4 * random.NextDouble())))]);
        values.Set(w, 1.2, 0.8);
        values.Set(r, 0);
        return new(objective.Compile(), values);
    }

    private static AdjointProblem Graph<TSymbolic, TPose>(int batch)
        where TSymbolic : struct, ILieGroup<TSymbolic, Scalar>
        where TPose : struct, ILieGroup<TPose, Float64>
    {
        var graph = new LearnedPoseGraph<TSymbolic, TPose>(7, batch);
        return new(graph.Problem, graph.Initial);
    }
}

/// <summary>Poses, one of them held, landmarks, rotations, vectors, weights of all kinds, two losses.</summary>
internal static class MixedProblem
{
    public static AdjointProblem Create(int batch)
    {
        var random = new Random(4);
        Variable<SE3<Scalar>>[] pose = Variable.Many<SE3<Scalar>>("pose", 3);
        Variable<Point3<Scalar>>[] point = Variable.Many<Point3<Scalar>>("point", 2);
        Variable<SO3<Scalar>> rotation = Variable.SO3("rotation");
        Variable<SO2<Scalar>> heading = Variable.SO2("heading");
        Variable<Scalar> gain = Variable.Scalar("gain");
        var objective = new Objective();
        var values = new Values(batch);
        Variable<SE3<Scalar>> motion = Variable.SE3("motion", VariableRole.Constant);
        Variable<Vector<Scalar>> matrix = Variable.Vector("matrix", 36, VariableRole.Constant);
        Variable<Scalar> scale = Variable.Scalar("scale", VariableRole.Constant);
        Variable<Scalar> radius = Variable.Scalar("radius", VariableRole.Constant);
        Variable<Point3<Scalar>> seen = Variable.Point3("seen", VariableRole.Constant);
        Variable<SO2<Scalar>> north = Variable.SO2("north", VariableRole.Constant);

        objective.Add(pose[0], pose[1], motion, Between.Residual, CostWeight.SquareRootInformation(matrix));
        objective.Add(pose[1], pose[2], motion, Between.Residual, CostWeight.Scale(scale));
        foreach (Variable<SE3<Scalar>> from in pose)
            foreach (Variable<Point3<Scalar>> at in point)
            {
                Point3<Scalar> offset = Point3<Float64>.Random(random);
                objective.Add(
                    from, at, seen, gain, (x, p, z, g) => (x.ActInverse(p) * g) - z - offset,
                    loss: from == pose[1] ? RobustLoss.Huber(radius) : RobustLoss.Welsch(radius));
            }

        objective.Add(rotation, pose[2], seen, (q, x, z) => q.Act(z) - x.ActInverse(z), CostWeight.Scale(scale));
        objective.Add(rotation, Difference.To(SO3<Scalar>.Identity));
        objective.Add(heading, north, gain, (h, n, g) => new Vector<Scalar>(n.Local(h)[0] - 0.3, g - 1));
        for (int element = 0; element < batch; element++)
        {
            values.Set(motion, element, SE3<Float64>.ExpRule(Tangent(random, 6, 0.6)));
            values.Set(seen, element, Point3<Float64>.Random(random));
            values.Set(north, element, SO2<Float64>.Random(random));
            foreach (Variable<SE3<Scalar>> x in pose)
                values.Set(x, element, SE3<Float64>.ExpRule(Tangent(random, 6, 0.4)));
        }

        foreach (Variable<Point3<Scalar>> p in point)
            values.Set(p, Point3<Float64>.Random(random));
        values.Set(rotation, SO3<Float64>.Identity);
        values.Set(heading, SO2<Float64>.Identity);
        values.Set(gain, 1);
        values.Set(scale, 1.4);
        values.Set(radius, 0.8);
        values.Set(matrix, [.. Enumerable.Range(0, 36).Select(
            k => (k % 7 == 0 ? 1.5 : 0) + (0.3 * random.NextDouble()))]);
        return new(objective.Compile(new() { Held = [pose[0]] }), values);
    }

    private static Float64[] Tangent(Random random, int length, double size) =>
        Array.ConvertAll(AdjointProblem.Numbers(random, length, size), x => (Float64)x);
}
