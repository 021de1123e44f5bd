using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>CHOLMOD's factorization of one matrix, in one ordering.</summary>
internal sealed class TheirFactor : IDisposable
{
    private readonly CholmodPeer _peer;

    private TheirFactor(string name, CholmodPeer peer, BlockMatrix matrix, double[] right, bool isLarge)
    {
        _peer = peer;
        double[] values = peer.Load(matrix.Values);
        Bare = Side.Of($"CHOLMOD, {name}", () => peer.Factor(values), warm: !isLarge);
        Solve = Side.Of($"CHOLMOD, {name}, solve", () => peer.Solve(right));
        peer.Factor(values);
        Residual = Matrices.Residual(matrix, peer.Solve(right), right);
    }

    public Side Bare { get; }

    public Side Solve { get; }

    /// <summary>‖Hx − b‖ / ‖b‖.</summary>
    public double Residual { get; }

    /// <summary>With each ordering that CHOLMOD has, and with ours.</summary>
    public static List<TheirFactor> AllOrderings(
        BlockMatrix matrix, double[] right, IReadOnlyList<OurFactor> ours, bool isLarge)
    {
        BlockStructure structure = matrix.Structure;
        List<TheirFactor> all =
        [
            new("AMD", new(structure, false, CholmodOrdering.MinimumDegree), matrix, right, isLarge),
            new("METIS", new(structure, false, CholmodOrdering.NestedDissection), matrix, right, isLarge),
        ];
        foreach (OurFactor one in ours)
            all.Add(new(
                one.Bare.Name.Replace("ours, ", "our "),
                new(structure, false, CholmodOrdering.Automatic, one.Symbolic.Order), matrix, right, isLarge));
        return all;
    }

    public void Print(string matrix, Table table) => table.Add(
        matrix, Bare.Name, N(_peer.Flops / 1e6, "F0"), N(_peer.FactorNonZeros, "N0"), Bare.ToString(),
        N(_peer.Flops / Bare.Minimum / 1e6, "F1"),
        Solve.Times.Count == 0 ? string.Empty : Solve.ToString(), N(Residual, "E1"));

    public void Dispose() => _peer.Dispose();

    private static string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
