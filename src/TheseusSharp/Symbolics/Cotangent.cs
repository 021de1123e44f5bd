namespace TheseusSharp.Symbolics;

/// <summary>
/// A gradient on its way back, valid only where its guard holds. Contributions that pass through an arm of a
/// <c>Where</c> stay unmasked, so that what an arm computes outside its condition (a NaN, say) is discarded once, at
/// the place where arms meet, and cannot leak: 0·NaN never forms.
/// </summary>
internal readonly struct Cotangent
{
    private readonly Scalar _guard;
    private readonly bool _guarded;

    private Cotangent(Scalar value, Scalar guard, bool guarded)
    {
        RawValue = value;
        _guard = guard;
        _guarded = guarded;
        IsPresent = true;
    }

    /// <summary>Whether anything was contributed.</summary>
    public bool IsPresent { get; }

    /// <summary>The value where the guard holds; anything elsewhere.</summary>
    public Scalar RawValue { get; }

    /// <summary>The value where the guard holds, zero elsewhere.</summary>
    public Scalar Value => !IsPresent ? 0 : _guarded ? Scalar.Where(new Mask<Scalar>(_guard), RawValue, 0) : RawValue;

    /// <summary>Valid everywhere.</summary>
    public static Cotangent Of(Scalar value) => new(value, default, false);

    /// <summary>The same guard, another value.</summary>
    public Cotangent With(Scalar value) => new(value, _guard, _guarded);

    /// <summary>Valid only where the condition holds too.</summary>
    public Cotangent Under(Mask<Scalar> condition) =>
        Guard(RawValue, _guarded ? Scalar.And(new Mask<Scalar>(_guard), condition) : condition);

    /// <summary>The sum of two contributions, valid where either is.</summary>
    public Cotangent Plus(Cotangent other)
    {
        if (!IsPresent)
            return other;
        if (!other.IsPresent)
            return this;
        if (HasGuardOf(other))
            return With(RawValue + other.RawValue);
        Scalar sum = Value + other.Value;
        return _guarded && other._guarded
            ? Guard(sum, Scalar.Or(new Mask<Scalar>(_guard), new Mask<Scalar>(other._guard)))
            : Of(sum);
    }

    /// <summary>
    /// Brings several cotangents under one guard: the values to compute with, and the guard of the results.
    /// </summary>
    /// <param name="cotangents">The components of one value.</param>
    /// <param name="values">Receives the values.</param>
    public static Cotangent Align(ReadOnlySpan<Cotangent> cotangents, Span<Scalar> values)
    {
        Cotangent common = default;
        bool aligned = true;
        foreach (Cotangent cotangent in cotangents)
        {
            aligned &= !common.IsPresent || !cotangent.IsPresent || common.HasGuardOf(cotangent);
            common = common.Plus(cotangent);
        }

        for (int k = 0; k < values.Length; k++)
            values[k] = !cotangents[k].IsPresent ? 0 : aligned ? cotangents[k].RawValue : cotangents[k].Value;
        return common;
    }

    private static Cotangent Guard(Scalar value, Mask<Scalar> guard) =>
        guard.Truth.Is(1) ? Of(value) : new Cotangent(value, guard.Truth, guarded: true);

    private bool HasGuardOf(Cotangent other) =>
        _guarded == other._guarded
        && (!_guarded || (ReferenceEquals(_guard.Graph, other._guard.Graph) && _guard.Index == other._guard.Index));
}
