using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>A cost function of the kind that people write, and arguments to try it at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Function">The traced lambda.</param>
/// <param name="Arguments">Draws for each parameter the numbers of one element.</param>
/// <param name="Modes">Where it makes sense.</param>
internal sealed record RealisticCost(
    string Name, Function Function, Func<CostSampler, double[][]> Arguments, IReadOnlyList<CostMode> Modes)
{
    /// <summary>The same function as the oracle knows it.</summary>
    public WalkedFunction Oracle { get; } = new(Function.Trace);
}

/// <summary>The costs that everything of the symbolic part is checked on.</summary>
internal static partial class RealisticCosts
{
    private static readonly Lazy<RealisticCost[]> s_all =
        new(() => [.. Motions(), .. Vision(), .. Robotics(), .. Data()]);

    private static readonly CostMode[] s_allModes = Enum.GetValues<CostMode>();

    private static readonly CostMode[] s_noTurns = [CostMode.Random, CostMode.ZeroError, CostMode.TinyError];

    public static IReadOnlyList<RealisticCost> All => s_all.Value;

    /// <summary>Every cost in every mode that makes sense for it.</summary>
    public static TheoryData<string, CostMode> Cases()
    {
        var cases = new TheoryData<string, CostMode>();
        foreach (RealisticCost cost in All)
            foreach (CostMode mode in cost.Modes)
                cases.Add(cost.Name, mode);
        return cases;
    }

    /// <summary>The names of all costs.</summary>
    public static TheoryData<string> Names() => [.. All.Select(cost => cost.Name)];

    public static RealisticCost Named(string name) => All.Single(cost => cost.Name == name);

    private static RealisticCost Cost(
        string name, Function function, Func<CostSampler, double[][]> arguments,
        IReadOnlyList<CostMode>? modes = null) =>
        new(name, function, arguments, modes ?? s_allModes);

    private static Matrix<T> Square<T>(int size, Vector<T> entries)
        where T : struct, IScalar<T> => new(size, size, entries.AsSpan().ToArray());

    private static double[] Predict(Func<Vector<Float64>> model) => CostSampler.Storage<Vector<Float64>>(model());
}
