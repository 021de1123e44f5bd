using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// A product of group elements, some inverted: x₁^±∘x₂^±∘… Compose, inverse and between are its short forms, and longer
/// ones arise by fusing them, so a lambda of raw compositions costs what the shipped operation costs.
/// </summary>
/// <remarks>
/// With suffixes vᵢ = xᵢ₊₁^±∘…∘xₙ^±, the tangent of the product is Σ ±Ad(sᵢ⁻¹)·δᵢ, where sᵢ = vᵢ for a plain factor,
/// and sᵢ = xᵢ⁻¹∘vᵢ for an inverted one. Suffixes are what evaluation from the right computes anyway.
/// </remarks>
internal sealed class ProductOperation<TGroup> : GroupOperation
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    private readonly bool[] _inverted;

    /// <summary>Describes a product.</summary>
    /// <param name="signs">'+' for a plain factor, '-' for an inverted one.</param>
    public ProductOperation(string signs)
        : base(
            $"{GroupKind<TGroup>.Instance}.Product({signs})",
            Enumerable.Repeat<ValueKind>(GroupKind<TGroup>.Instance, signs.Length).ToArray(),
            GroupKind<TGroup>.Instance) => _inverted = signs.Select(sign => sign == '-').ToArray();

    private static int Storage => TGroup.StorageLength;

    private static int Tangent => TGroup.TangentLength;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        Suffixes(arguments)[0].CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent)
    {
        TGroup[] suffixes = Suffixes(arguments);
        resultTangent.Clear();
        var part = new Scalar[Tangent];
        for (int k = 0; k < _inverted.Length; k++)
        {
            ReadOnlySpan<Scalar> tangent = tangents.Slice(k * Tangent, Tangent);
            if (IsZero(tangent))
                continue;
            if (Passed(suffixes, k) is { } passed)
                TGroup.AdjointInverseRule(passed, tangent, part);
            else
                tangent.CopyTo(part);
            for (int i = 0; i < Tangent; i++)
                resultTangent[i] = _inverted[k] ? resultTangent[i] - part[i] : resultTangent[i] + part[i];
        }
    }

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents)
    {
        TGroup[] suffixes = Suffixes(arguments);
        for (int k = 0; k < _inverted.Length; k++)
        {
            Span<Scalar> part = cotangents.Slice(k * Tangent, Tangent);
            if (Passed(suffixes, k) is { } passed)
                TGroup.CoadjointInverseRule(passed, cotangent, part);
            else
                cotangent.CopyTo(part);
            for (int i = 0; _inverted[k] && i < Tangent; i++)
                part[i] = -part[i];
        }
    }

    /// <summary>Absorbs a factor that is itself a product.</summary>
    internal override Scalar[]? Fuse(in Fusion fusion)
    {
        if (fusion.Inner.Operation is not ProductOperation<TGroup> inner)
            return null;
        bool invert = _inverted[fusion.Operand];
        int[] innerFactors = fusion.Inner.Operands;
        bool[] innerSigns = inner._inverted;
        if (invert)
        {
            innerFactors = innerFactors.Reverse().ToArray();
            innerSigns = innerSigns.Reverse().Select(sign => !sign).ToArray();
        }

        int[] factors = [.. fusion.Outer.Operands[..fusion.Operand], .. innerFactors,
            .. fusion.Outer.Operands[(fusion.Operand + 1)..]];
        bool[] signs = [.. _inverted[..fusion.Operand], .. innerSigns, .. _inverted[(fusion.Operand + 1)..]];
        ExpressionGraph graph = fusion.Graph;
        return graph.Call(LieOperations<TGroup>.Instance.Product(signs),
            factors.SelectMany(graph.Components).ToArray());
    }

    /// <summary>Splits an action of this product into actions of its factors, from the right.</summary>
    /// <param name="graph">Where to record.</param>
    /// <param name="factors">The factors' call nodes.</param>
    /// <param name="point">The point.</param>
    /// <param name="inverse">Whether the inverse of the product acts.</param>
    internal Scalar[] ActByFactors(ExpressionGraph graph, int[] factors, Scalar[] point, bool inverse)
    {
        LieOperations operations = LieOperations<TGroup>.Instance;
        for (int step = 0; step < factors.Length; step++)
        {
            int k = inverse ? step : factors.Length - 1 - step;
            GroupOperation act = _inverted[k] == inverse ? operations.Act : operations.ActInverse;
            point = graph.Call(act, [.. graph.Components(factors[k]), .. point]);
        }

        return point;
    }

    private static bool IsZero(ReadOnlySpan<Scalar> tangent)
    {
        foreach (Scalar entry in tangent)
            if (!entry.Is(0))
                return false;
        return true;
    }

    /// <summary>What a factor's tangent passes on its way out to the right; null for nothing.</summary>
    private TGroup? Passed(TGroup[] suffixes, int factor) =>
        _inverted[factor] ? suffixes[factor] : factor + 1 < suffixes.Length ? suffixes[factor + 1] : null;

    /// <summary>The products of the factors from each to the last.</summary>
    private TGroup[] Suffixes(ReadOnlySpan<Scalar> arguments)
    {
        var suffixes = new TGroup[_inverted.Length];
        for (int k = suffixes.Length - 1; k >= 0; k--)
        {
            TGroup factor = TGroup.FromStorage(arguments.Slice(k * Storage, Storage));
            bool last = k == suffixes.Length - 1;
            suffixes[k] = (_inverted[k], last) switch
            {
                (true, true) => TGroup.InverseRule(factor),
                (false, true) => factor,
                (true, false) => TGroup.BetweenRule(factor, suffixes[k + 1]),
                (false, false) => TGroup.ComposeRule(factor, suffixes[k + 1]),
            };
        }

        return suffixes;
    }
}
