using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Geometry;

/// <summary>A group in the three precisions that its laws are tried in, with the samples to try them at.</summary>
internal sealed class Group
{
    // Double-double computes with the library's series, which are cut off where double cannot see it.
    private const double SeriesRemainder = 1e-19;

    private readonly Dictionary<Precision, (GroupRules Rules, GroupSamples Samples)> _precisions = [];

    private Group(Type type, GroupRules inDouble, GroupRules inSingle, GroupRules exact)
    {
        Type = type;
        Exact = exact;
        _precisions[Precision.Double] = (inDouble, new(inDouble));
        _precisions[Precision.Single] = (inSingle, new(inSingle));
        _precisions[Precision.DoubleDouble] = (exact, new(exact));
    }

    /// <summary>The group over <see cref="Float64"/>.</summary>
    public Type Type { get; }

    /// <summary>The rules in double-double.</summary>
    public GroupRules Exact { get; }

    public static Group Of<TDouble, TSingle, TExact>()
        where TDouble : struct, ILieGroup<TDouble, Float64>
        where TSingle : struct, ILieGroup<TSingle, Float32>
        where TExact : struct, ILieGroup<TExact, DoubleDouble> => Cache<TDouble, TSingle, TExact>.Instance;

    public (GroupRules Rules, GroupSamples Samples) In(Precision precision) => _precisions[precision];

    private static class Cache<TDouble, TSingle, TExact>
        where TDouble : struct, ILieGroup<TDouble, Float64>
        where TSingle : struct, ILieGroup<TSingle, Float32>
        where TExact : struct, ILieGroup<TExact, DoubleDouble>
    {
        public static readonly Group Instance = new(
            typeof(TDouble),
            new GroupRules<TDouble, Float64>(Math.ScaleB(1, -53), x => x.Hi, x => x.Value),
            new GroupRules<TSingle, Float32>(Math.ScaleB(1, -24), x => x.Hi, x => x.Value),
            new GroupRules<TExact, DoubleDouble>(SeriesRemainder, x => x, x => x));
    }
}
