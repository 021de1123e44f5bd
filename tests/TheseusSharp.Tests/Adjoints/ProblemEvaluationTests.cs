using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>The objective at any values, its gradient by everything, and named inputs.</summary>
public sealed class ProblemEvaluationTests
{
    [Fact]
    public void Gradients_by_all_variables_are_those_of_differences()
    {
        var graph = new LearnedPoseGraph<SE3<Scalar>, SE3<Float64>>(11, batch: 3);
        ProblemEvaluation evaluation = graph.Problem.Evaluate(graph.Initial);
        double[] outer = [0.5, -2, 3];
        Gradients gradients = evaluation.Backward(outer);
        const int element = 1;
        foreach (Variable variable in new Variable[] { graph.Measurement, graph.Weight, graph.LogRadius, graph.FirstPose })
            for (int k = 0; k < variable.Kind.TangentLength; k++)
            {
                double Cost(double size) =>
                    graph.Problem.Evaluate(graph.Nudged(variable, element, k, size)).Objective[element];
                const double h = 1e-3;
                double coarse = (Cost(h) - Cost(-h)) / (2 * h), fine = (Cost(h / 2) - Cost(-h / 2)) / h;
                double expected = outer[element] * ((4 * fine) - coarse) / 3;
                Assert.Equal(expected, gradients.Of(variable, element)[k], 1e-8 * Math.Max(1, Math.Abs(expected)));
            }
    }

    [Fact]
    public void Named_inputs_make_values()
    {
        Variable<Scalar> a = Variable.Scalar("a"), b = Variable.Scalar("b", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(a, b, (a, b) => a - b);
        Problem problem = objective.Compile();

        Values values = problem.CreateValues(2, Inputs(("a", [1, 3]), ("b", [0.5])));
        Assert.Equal([0.125, 3.125], problem.Evaluate(values).Objective);
        Assert.Equal([0.5, 2.5], problem.Evaluate(values).Backward().Of("a").ToArray());

        Refuses(() => problem.CreateValues(2, Inputs(("a", [1]), ("c", [1]))), "'c'");
        Refuses(() => problem.CreateValues(2, Inputs(("a", [1]))), "'b'", "missing");
        Refuses(() => problem.CreateValues(2, Inputs(("a", [1, 2, 3]), ("b", [1]))), "'a'", "found 3");
        Refuses(() => problem.Evaluate(values).Backward([1, 2, 3]), "3 numbers", "batch of 2");
        Assert.Contains("'x'", Assert.Throws<KeyNotFoundException>(
            () => problem.Evaluate(values).Backward().Of("x").ToArray()).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, ReadOnlyMemory<double>> Inputs(params (string Name, double[] Numbers)[] inputs) =>
        inputs.ToDictionary(input => input.Name, input => new ReadOnlyMemory<double>(input.Numbers));

    private static void Refuses(Action action, params string[] parts)
    {
        string message = Assert.Throws<ArgumentException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
