using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>
/// A small pose graph with residual in which everything that can be learned is: a measurement, a weight, a robust
/// radius. The outer loss is a fixed linear function of how the solution moves in its tangent space.
/// </summary>
internal sealed class LearnedPoseGraph<TSymbolic, TPose>
    where TSymbolic : struct, ILieGroup<TSymbolic, Scalar>
    where TPose : struct, ILieGroup<TPose, Float64>
{
    private const int Count = 5;

    private readonly Variable<TSymbolic>[] _poses = Variable.Many<TSymbolic>("x", Count);
    private readonly double[] _outer;

    public LearnedPoseGraph(int seed, int batch = 1)
    {
        var random = new Random(seed);
        int tangent = _poses[0].Kind.TangentLength;
        Measurement = Variable.Of<TSymbolic>("m", VariableRole.Constant);
        Weight = Variable.Vector("w", tangent, VariableRole.Constant);
        LogRadius = Variable.Scalar("r", VariableRole.Constant);
        Initial = new(batch);
        var objective = new Objective();
        TPose here = TPose.Identity;
        for (int k = 0; k < Count; k++)
        {
            for (int element = 0; element < batch; element++)
                Initial.Set(_poses[k], element, Moved(here, random, 0.05));
            TPose step = Moved(TPose.Identity, random, 0.8);
            if (k + 1 < Count)
                objective.Add(
                    _poses[k], _poses[k + 1], Between.Measured(Symbolic(Moved(step, random, 0.1))),
                    CostWeight.Diagonal(Weight));
            here = TPose.ComposeRule(here, step);
        }

        objective.Add(_poses[0], Difference.To(TSymbolic.Identity), CostWeight.Scale(3));
        objective.Add(_poses[0], _poses[3], Measurement, Between.Residual, loss: RobustLoss.Welsch(LogRadius));
        objective.Add(_poses[1], _poses[4], Measurement, Between.Residual, loss: RobustLoss.Huber(LogRadius));
        Problem = objective.Compile();
        for (int element = 0; element < batch; element++)
            Initial.Set(Measurement, element, Moved(TPose.Identity, random, 1.2));
        Initial.Set(Weight, [.. Enumerable.Range(0, tangent).Select(_ => 1 + random.NextDouble())]);
        Initial.Set(LogRadius, 0.4);
        _outer = [.. Enumerable.Range(0, Problem.TangentLength).Select(_ => random.NextDouble() - 0.5)];
    }

    public Problem Problem { get; }

    public Values Initial { get; }

    public Variable<TSymbolic> Measurement { get; }

    public Variable<Vector<Scalar>> Weight { get; }

    public Variable<Scalar> LogRadius { get; }

    public Variable<TSymbolic> FirstPose => _poses[0];

    /// <summary>The gradient of the outer loss by the solution.</summary>
    public Gradients OuterGradient()
    {
        var gradients = new Gradients(Initial.BatchSize);
        int start = 0, tangent = _poses[0].Kind.TangentLength;
        foreach (Variable<TSymbolic> pose in _poses)
        {
            double[] outer = _outer[start..(start + tangent)];
            gradients.Set(pose, [.. Enumerable.Repeat(outer, Initial.BatchSize).SelectMany(g => g)]);
            start += tangent;
        }

        return gradients;
    }

    /// <summary>The outer loss of a solution, relative to a reference.</summary>
    public double OuterLoss(Values solution, Values reference, int element)
    {
        double sum = 0;
        int next = 0;
        foreach (Variable<TSymbolic> pose in _poses)
            foreach (Float64 entry in reference.Get<TPose>(pose, element).Local(solution.Get<TPose>(pose, element)))
                sum += _outer[next++] * entry;
        return sum;
    }

    /// <summary>Initial values with one variable moved along a tangent coordinate.</summary>
    public Values Nudged(Variable variable, int element, int coordinate, double size)
    {
        Values nudged = Initial.Clone();
        if (variable.Kind.IsGroup)
        {
            var tangent = new Float64[variable.Kind.TangentLength];
            tangent[coordinate] = size;
            nudged.Set(variable, element, nudged.Get<TPose>(variable, element).Retract(new Vector<Float64>(tangent)));
            return nudged;
        }

        var storage = new double[variable.Kind.StorageLength];
        nudged.CopyTo(variable, element, storage);
        storage[coordinate] += size;
        nudged.SetElement(variable, element, storage);
        return nudged;
    }

    private static TPose Moved(TPose pose, Random random, double size) => TPose.ComposeRule(pose, TPose.ExpRule(
        [.. Enumerable.Range(0, TPose.TangentLength).Select(_ => (Float64)(size * ((2 * random.NextDouble()) - 1)))]));

    private static TSymbolic Symbolic(TPose pose)
    {
        var storage = new Float64[TPose.StorageLength];
        pose.CopyTo(storage);
        return TSymbolic.FromStorage(Array.ConvertAll(storage, x => (Scalar)x.Value));
    }
}
