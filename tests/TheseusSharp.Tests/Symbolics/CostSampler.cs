using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Where a cost is tried.</summary>
public enum CostMode
{
    /// <summary>Errors of moderate size.</summary>
    Random,

    /// <summary>No error: exactly none where the arguments allow it, else none but for rounding.</summary>
    ZeroError,

    /// <summary>Errors of 1e-9 (1e-4 in single precision): far below every threshold, far above rounding.</summary>
    TinyError,

    /// <summary>Rotations by π − 1e-7 (π − 1e-3 in single precision).</summary>
    NearHalfTurn,
}

/// <summary>Draws arguments of costs, as numbers in storage order.</summary>
/// <param name="seed">Tells everything that is drawn.</param>
/// <param name="mode">What errors look like.</param>
/// <param name="single">Whether errors have to show in single precision.</param>
internal sealed class CostSampler(int seed, CostMode mode, bool single)
{
    private readonly Random _random = new(seed);

    public CostMode Mode => mode;

    /// <summary>Whether measurements are the identity, so that an error of zero has no rounding.</summary>
    public bool IsExact => mode == CostMode.ZeroError && seed % 2 == 0;

    /// <summary>Uniform numbers.</summary>
    public double[] Uniform(int length, double low = -1, double high = 1) =>
        [.. Enumerable.Range(0, length).Select(_ => low + ((high - low) * _random.NextDouble()))];

    /// <summary>Whether all elements are the identity: then even what kernels round is exactly zero.</summary>
    private bool IsAtOrigin => IsExact && seed % 4 == 2;

    /// <summary>A random element.</summary>
    public double[] Element<TGroup>()
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
        IsAtOrigin ? Storage(TGroup.Identity) : Exp<TGroup>(Scaled(Uniform(TGroup.TangentLength), 1.7));

    /// <summary>A measurement: a random element, or the identity where the error is to be exactly zero.</summary>
    public double[] Measurement<TGroup>()
        where TGroup : struct, ILieGroup<TGroup, Float64> => IsExact ? Storage(TGroup.Identity) : Element<TGroup>();

    /// <summary>A plain error by the mode.</summary>
    public double[] Error(int length) => Scaled(Uniform(length), mode switch
    {
        CostMode.ZeroError => 0,
        CostMode.TinyError => single ? 1e-4 : 1e-9,
        _ => 1,
    });

    /// <summary>x∘Exp(error), the error by the mode.</summary>
    public double[] Disturbed<TGroup>(double[] x)
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
        mode == CostMode.ZeroError ? x : Compose<TGroup>(x, Exp<TGroup>(Tangent<TGroup>()));

    /// <summary>Numbers plus an error by the mode.</summary>
    public double[] Disturbed(double[] x) =>
        mode == CostMode.ZeroError ? x : [.. x.Zip(Error(x.Length), static (a, b) => a + b)];

    public static double[] Compose<TGroup>(double[] a, double[] b)
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
            Storage(TGroup.ComposeRule(From<TGroup>(a), From<TGroup>(b)));

    public static double[] Between<TGroup>(double[] a, double[] b)
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
            Storage(TGroup.BetweenRule(From<TGroup>(a), From<TGroup>(b)));

    public static TGroup From<TGroup>(double[] storage)
        where TGroup : struct, ILieGroup<TGroup, Float64> => TGroup.FromStorage(Numbers(storage));

    public static Float64[] Numbers(double[] values) => Array.ConvertAll(values, static value => (Float64)value);

    public static double[] Storage<TValue>(IStorable<TValue, Float64> value)
        where TValue : IStorable<TValue, Float64>
    {
        var storage = new Float64[value.Kind.StorageLength];
        value.CopyTo(storage);
        return Array.ConvertAll(storage, static number => number.Value);
    }

    /// <summary>A tangent by the mode, of a group that rotates; near π it is the rotation that is large.</summary>
    public double[] Tangent<TGroup>()
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int rotation = TGroup.PointLength == 2 ? 1 : 3;
        return [.. Error(TGroup.TangentLength - rotation), .. Turn(rotation)];
    }

    /// <summary>A rotation vector by the mode.</summary>
    public double[] Turn(int length)
    {
        double[] axis = Error(length);
        double norm = Math.Sqrt(axis.Sum(x => x * x));
        return mode == CostMode.NearHalfTurn ? Scaled(axis, (Math.PI - (single ? 1e-3 : 1e-7)) / norm) : axis;
    }

    public static double[] Exp<TGroup>(double[] tangent)
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
            Storage(TGroup.NormalizeRule(TGroup.ExpRule(Numbers(tangent))));

    private static double[] Scaled(double[] values, double scale) => [.. values.Select(value => value * scale)];
}
