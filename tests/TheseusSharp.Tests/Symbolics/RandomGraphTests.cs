using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Random expressions: simplified or not, differentiated either way, in a kernel or walked, they say one thing.
/// </summary>
public class RandomGraphTests(ITestOutputHelper output)
{
    private const int Count = 300;

    [Fact]
    public void Simplification_keeps_values() => ForAll(Count, static graph => graph.CheckValue());

    [Fact]
    public void Forward_derivatives_are_the_differences() =>
        ForAll(Count, static graph => graph.CheckJacobian(DifferentiationMode.Forward));

    [Fact]
    public void Reverse_derivatives_are_the_differences() =>
        ForAll(Count, static graph => graph.CheckJacobian(DifferentiationMode.Reverse));

    [Fact]
    public void Interpreted_kernels_agree_with_the_walk() =>
        ForAll(Count / 2, static graph => graph.CheckKernel(), KernelBackend.Interpreter);

    [Fact]
    public void Compiled_kernels_agree_with_the_walk() =>
        ForAll(30, static graph => graph.CheckKernel(), KernelBackend.Compiled);

    /// <summary>The mix is worth something: graphs are not small, and many drop a poisoned arm.</summary>
    [Fact]
    public void Random_graphs_are_deep_and_of_every_operation()
    {
        RandomGraph[] graphs = [.. Enumerable.Range(0, Count).Select(RandomGraphs.Draw)];
        IEnumerable<Operation> missing = Enum.GetValues<Operation>()
            .Except([Operation.Input, Operation.RowInput, Operation.RowSum, Operation.Lookup])
            .Except([Operation.Call, Operation.Component])
            .Except(graphs.SelectMany(graph => graph.Steps).Select(step => step.Operation));
        Assert.Empty(missing);
        Assert.InRange(graphs.Average(graph => graph.Steps.Length), 20, 60);
    }

    private void ForAll(int count, Action<GraphUnderTest> check, KernelBackend backend = KernelBackend.Interpreter)
    {
        for (int seed = 0; seed < count; seed++)
        {
            RandomGraph graph = RandomGraphs.Draw(seed);
            double[][] points = RandomGraphs.Points(seed);
            string? Failure(RandomGraph tried) =>
                Record.Exception(() => check(new GraphUnderTest(tried, points, new(Backend: backend))))?.Message;
            if (Failure(graph) is null)
                continue;
            bool Fails(RandomGraph tried) => RandomGraphBuilder.Accepts(tried, points) && Failure(tried) is not null;
            RandomGraph small = Shrink(graph, Fails);
            Assert.Fail($"Seed {seed}, {graph.Steps.Length} steps, shrunk to {small}\n{Failure(small)}");
        }

        output.WriteLine($"{count} graphs");
    }

    /// <summary>The smallest that still fails, going down by the first smaller one that does.</summary>
    private static RandomGraph Shrink(RandomGraph graph, Func<RandomGraph, bool> fails)
    {
        while (graph.Smaller().FirstOrDefault(fails) is { } smaller)
            graph = smaller;
        return graph;
    }
}
