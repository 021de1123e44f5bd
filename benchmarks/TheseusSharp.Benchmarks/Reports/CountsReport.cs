using System.Globalization;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>
/// What can be counted rather than timed: the same on every machine of one vector width, and on a busy one.
/// </summary>
internal sealed class CountsReport
{
    private static readonly string[] s_graphs = ["sphere2500", "torus3D", "cubicle", "parking-garage"];

    private readonly SortedDictionary<string, double> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts.</summary>
    /// <param name="withData">Whether the published graphs count, where they are there.</param>
    public static SortedDictionary<string, double> Count(bool withData = true)
    {
        var report = new CountsReport();
        report.Kernels();
        report.Orderings(withData);
        report.Allocations();
        return report._counts;
    }

    private void Kernels()
    {
        int bits = (int)BetweenProblem.Trace().Report(FunctionPart.Value).Width;
        void Add(string name, Function function, FunctionPart part) =>
            _counts[$"instructions, {bits} bits: {name}"] = function.Report(part).Instructions;
        Function between = BetweenProblem.Trace().WithRespectTo(0, 1);
        Add("between, full weight: value", between, FunctionPart.Value);
        Add("between, full weight: value and Jacobians", between, FunctionPart.Jacobian);
        Add("Snavely: value and Jacobians", SnavelyProblem.Trace().WithRespectTo(0, 1), FunctionPart.Jacobian);
        var plane = PoseGraphProblem.Create(SmallPlane());
        var space = PoseGraphProblem.Create(CubeBatch.GraphOf(64));
        AddKernels("plane", bits, plane);
        AddKernels("space", bits, space);
    }

    private void AddKernels(string name, int bits, PoseGraphProblem problem)
    {
        SolveResult result = new GaussNewton().Solve(
            problem.Problem, problem.CreateValues(problem.Graph.Poses), new() { MaxIterations = 0 });
        _counts[$"instructions, {bits} bits: linearization of a pose graph in the {name}"] =
            result.Summary.Kernels[0].Instructions;
    }

    private void Orderings(bool withData)
    {
        Add("cube of 256", CubeBatch.GraphOf(256));
        Add("cube of 2048", CubeBatch.GraphOf(2048));
        Add("field of 10000", WideWorld.Generate(10_000, 25_000));
        Add("lattice of 12", Matrices.Lattice(12));
        foreach (string name in s_graphs)
            if (withData && File.Exists(RealGraphs.File(name)))
                Add(name, G2o.Read(RealGraphs.File(name)));
    }

    private void Add(string name, PoseGraph graph)
    {
        var pairs = new (int, int)[graph.EdgeCount];
        for (int edge = 0; edge < pairs.Length; edge++)
            pairs[edge] = (graph.From[edge], graph.To[edge]);
        int[] sizes = new int[graph.PoseCount];
        sizes.AsSpan().Fill(graph.TangentLength);
        Add(name, BlockStructure.Create(sizes, pairs));
    }

    private void Add(string name, BlockStructure structure)
    {
        foreach ((string kind, OrderingKind ordering) in ((string, OrderingKind)[])
            [("amd", OrderingKind.MinimumDegree), ("nd", OrderingKind.NestedDissection)])
        {
            var symbolic = SymbolicFactorization.Analyze(structure, new OrderingOptions { Kind = ordering });
            _counts[$"flops: {name}, {kind}"] = symbolic.Flops;
            _counts[$"fill: {name}, {kind}"] = symbolic.FactorNonZeros;
        }

        var chosen = SymbolicFactorization.Analyze(structure);
        _counts[$"memory of the factor, numbers: {name}"] = chosen.FactorLength + chosen.ArenaLength;
    }

    private void Allocations()
    {
        _counts["bytes an iteration after the first: one element, 1 thread"] = BytesOfIteration(1, 1);
        _counts["bytes an iteration after the first: one element, 2 threads"] = BytesOfIteration(1, 2);
        _counts["bytes an iteration after the first: 16 elements side by side"] = BytesOfIteration(16, 1);
    }

    /// <summary>
    /// What all threads allocate from the end of the first iteration to the end of the last, the least of some solves:
    /// the runtime allocates now and then, too.
    /// </summary>
    private static double BytesOfIteration(int batch, int threads)
    {
        const int Iterations = 20;
        var cubes = new CubeBatch(CubeBatch.GraphOf(1024), batch);
        long least = long.MaxValue, before = 0;
        void Note(IterationRecord record)
        {
            if (record.Element == 0 && record.Iteration == 1)
                before = GC.GetTotalAllocatedBytes(precise: true);
            if (record.Element == 0 && record.Iteration == Iterations)
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        for (int solve = 0; solve < 5; solve++)
            cubes.Solve(Iterations, threads, Note);
        return least / (double)(Iterations - 1);
    }

    private static PoseGraph SmallPlane()
    {
        double[] information = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        var builder = new PoseGraphBuilder(2);
        for (int k = 0; k < 20; k++)
            builder.AddPose(k, [k, 0, 1, 0]);
        for (int k = 1; k < 20; k++)
            builder.AddEdge(k - 1, k, [1.01, 0.02, 1, 0], information);
        return builder.Build();
    }
}
