using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>Matrices of one structure, one in each lane, with damping and right-hand sides.</summary>
internal sealed class InterleavedBatch
{
    public InterleavedBatch(string graph, int[] pattern, int lanes, int seed)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        int[] sizes = Graphs.Sizes(count, pattern);
        Matrices = [.. Enumerable.Range(0, lanes).Select(lane => RandomMatrix.Create(sizes, pairs, seed + lane))];
        Dampings = Vectors(seed + 100);
        foreach (double[] damping in Dampings)
            for (int k = 0; k < damping.Length; k++)
                damping[k] = Math.Abs(damping[k]);
        Rights = Vectors(seed + 200);
    }

    public BlockMatrix[] Matrices { get; }

    public double[][] Dampings { get; }

    public double[][] Rights { get; }

    public BlockStructure Structure => Matrices[0].Structure;

    public double[][] Vectors(int seed) =>
        [.. Matrices.Select((_, lane) => RandomMatrix.Vector(Structure.Dimension, seed + lane))];

    /// <summary>Some of the matrices' numbers, in this order.</summary>
    public double[] Hessians(params int[] lanes) =>
        Interleave([.. lanes.Select(lane => Matrices[lane].Values.ToArray())]);

    public static double[] Interleave(double[][] vectors)
    {
        double[] all = new double[vectors.Length * vectors[0].Length];
        for (int k = 0; k < all.Length; k++)
            all[k] = vectors[k % vectors.Length][k / vectors.Length];
        return all;
    }

    public static double[] Lane(double[] all, int lane, int lanes) =>
        [.. Enumerable.Range(0, all.Length / lanes).Select(k => all[(k * lanes) + lane])];

    /// <summary>Factors and solves some of the matrices; each must succeed.</summary>
    /// <returns>The solutions, in this order.</returns>
    public double[][] Solve(InterleavedCholesky solver, bool isDamped, params int[] lanes)
    {
        double[] damping = isDamped ? Interleave([.. lanes.Select(lane => Dampings[lane])]) : [];
        double[] x = Interleave([.. lanes.Select(lane => Rights[lane])]);
        int[] failed = new int[lanes.Length];
        solver.Factor(Hessians(lanes), damping, failed);
        Assert.All(failed, row => Assert.Equal(-1, row));
        solver.Solve(x, x);
        return [.. lanes.Select((_, position) => Lane(x, position, lanes.Length))];
    }
}
