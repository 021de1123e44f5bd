using System.Diagnostics;
using TheseusSharp.Linear;
using TheseusSharp.Tests.Oracles;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Linear;

/// <summary>Real structures: the graphs of published data sets, if they are at hand.</summary>
public class PoseGraphTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("sphere2500", 415e6)]
    [InlineData("torus3D", 1420e6)]
    [InlineData("cubicle", 760e6)]
    [InlineData("parking-garage", 23e6)]
    [InlineData("manhattan", double.MaxValue)]
    [InlineData("city10000", double.MaxValue)]
    [InlineData("intel", double.MaxValue)]
    [InlineData("CSAIL", double.MaxValue)]
    [InlineData("kitti_00", double.MaxValue)]
    public void Real_graph_is_ordered_well_and_solved_to_rounding(string name, double mostFlops)
    {
        BlockMatrix matrix = Read(DataFolder.File("g2o", name + ".g2o"));
        TimeSpan ordering = Best(() => MinimumDegree.Order(matrix.Structure));
        TimeSpan analysis = Best(() => SymbolicFactorization.Analyze(matrix.Structure));
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        using var solver = new MultifrontalCholesky(symbolic);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 31), x = new double[b.Length];
        TimeSpan factor = Best(() => Assert.True(solver.Factor(matrix).Succeeded));
        TimeSpan solve = Best(() => solver.Solve(b, x));
        double error = RandomMatrix.BackwardError(matrix, x, b);
        output.WriteLine(
            $"{name}: n {matrix.Structure.Dimension}, {symbolic.Flops / 1e6:F1} Mflop, " +
            $"{symbolic.FactorNonZeros / 1e6:F3} M in L " +
            $"({symbolic.FactorLength / 1e6:F3} M stored, " +
            $"arena {symbolic.ArenaLength / 1e6:F3} M), {symbolic.FrontCount} fronts, " +
            $"order {ordering.TotalMilliseconds:F2} ms, order + analysis {analysis.TotalMilliseconds:F2} ms, " +
            $"factor {factor.TotalMilliseconds:F2} ms ({symbolic.Flops / factor.TotalSeconds / 1e9:F1} Gflop/s), " +
            $"solve {solve.TotalMilliseconds:F2} ms, error {error:E1}");
        Assert.InRange(error, 0, 1e-13);
        Assert.True(symbolic.Flops <= mostFlops);
    }

    internal static BlockMatrix Read(string file)
    {
        var number = new Dictionary<string, int>();
        var pairs = new List<(int, int)>();
        int size = 3;
        foreach (string line in File.ReadLines(file))
        {
            string[] words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || !words[0].StartsWith("EDGE_SE", StringComparison.Ordinal))
                continue;
            size = words[0].StartsWith("EDGE_SE3", StringComparison.Ordinal) ? 6 : 3;
            pairs.Add((Number(words[1]), Number(words[2])));
        }

        return RandomMatrix.Create(Graphs.Sizes(number.Count, [size]), [.. pairs], 30);

        int Number(string id)
        {
            if (!number.TryGetValue(id, out int found))
                number.Add(id, found = number.Count);
            return found;
        }
    }

    private static TimeSpan Best(Action action)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int run = 0; run < 12; run++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }

        return best;
    }
}
